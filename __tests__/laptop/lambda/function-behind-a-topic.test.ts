import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { eventually } from "../../../harness/eventually";
import { LISTENING_FUNCTION, startProgram } from "../../support/start-program";

const PROGRAM = `${LISTENING_FUNCTION}
new aws.lambda.FunctionEventInvokeConfig("listen", {
  functionName: listen.arn,
  maximumRetryAttempts: 1,
});
const topic = new aws.sns.Topic("news");
topic.onEvent("listen", listen);
export const topicArn = topic.arn;
`;

describe("a function behind a topic", () => {
  it("gets what is published, again when it fails, as often as its event invoke config says", async () => {
    const stack = await startProgram(PROGRAM);
    const { events } = stack;
    const sns = new SNSClient(stack.client);
    const publish = (Message: string) =>
      sns.send(new PublishCommand({ TopicArn: String(stack.outputs["topicArn"]), Message }));
    const errors = () =>
      events.flatMap((event) => (event.kind === "invocation" ? (event.error ?? "none") : []));

    await publish("bad");
    await eventually("the retry", () => errors().length >= 2);
    await publish("good");
    await eventually("the good news", () => errors().includes("none"));
    expect(errors()).toEqual(["Error: no", "Error: no", "none"]);
    expect(events.filter(({ kind }) => kind === "notification")).toMatchObject([
      { to: "listen", delivered: true },
    ]);
    sns.destroy();
    await stack.stop();
  });
});
