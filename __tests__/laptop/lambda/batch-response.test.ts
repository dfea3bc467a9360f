import { handledMessages } from "../../../laptop/lambda/batch-response";

const batch = ["a", "b", "c"].map((MessageId) => ({ MessageId }));
const failing = (...ids: unknown[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

describe("what Lambda deletes after a batch", () => {
  it.each([
    ["no failures", { batchItemFailures: [] }, ["a", "b", "c"]],
    ["null failures", { batchItemFailures: null }, ["a", "b", "c"]],
    ["an empty response", {}, ["a", "b", "c"]],
    ["no response", null, ["a", "b", "c"]],
    ["one failure", failing("b"), ["a", "c"]],
    ["an empty identifier", failing("b", ""), []],
    ["a null identifier", failing(null), []],
    ["an identifier that is not of this batch", failing("z"), []],
    ["something else", "done", []],
  ])("%s", (_name, response, deleted) => {
    const handled = handledMessages(batch, true, response);
    expect(handled.map(({ MessageId }) => MessageId)).toEqual(deleted);
  });

  it("is everything, whatever failed, where the mapping does not report failures", () => {
    expect(handledMessages(batch, false, failing("a", "b"))).toEqual(batch);
  });
});
