import { chooseMessage } from "../../../laptop/sns/message-structure";

const form = (fields: Record<string, string>) =>
  Buffer.from(new URLSearchParams(fields).toString());

describe("a message with a text for each protocol", () => {
  it("reaches queues and functions as the default text", () => {
    const Message = JSON.stringify({ default: "{}", email: "Dear" });
    const chosen = chooseMessage(form({ Action: "Publish", MessageStructure: "json", Message }));
    expect(Object.fromEntries(new URLSearchParams(chosen?.toString()))).toEqual({
      Action: "Publish",
      Message: "{}",
    });
  });

  it("stays as it is where it has one text for all", () => {
    const body = form({ Action: "Publish", Message: '{"default":1}' });
    expect(chooseMessage(body)).toBe(body);
  });

  it.each(["hello", "null", "{}", '{"default":1}'])(
    "is refused without a default: %s",
    (Message) => {
      expect(chooseMessage(form({ MessageStructure: "json", Message }))).toBeUndefined();
    },
  );
});
