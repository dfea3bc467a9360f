import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { eventually } from "../../../harness/eventually";
import { LISTENING_FUNCTION, startProgram } from "../../support/start-program";

const PROGRAM = `${LISTENING_FUNCTION}
const news = new aws.sns.Topic("news");
news.onEvent("listen", listen);

const alarms = new aws.sns.Topic("alarms");
const lamp = new aws.sqs.Queue("lamp");
new aws.sqs.QueuePolicy("lamp", {
  queueUrl: lamp.url,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: lamp.arn,
        Condition: { ArnEquals: { "aws:SourceArn": alarms.arn } },
      },
    ],
  }),
});
new aws.sns.TopicSubscription("lamp", {
  topic: alarms.arn,
  protocol: "sqs",
  endpoint: lamp.arn,
  rawMessageDelivery: true,
});

const everyMinute = {
  comparisonOperator: "GreaterThanThreshold",
  threshold: 0,
  evaluationPeriods: 1,
  treatMissingData: "notBreaching",
  alarmActions: [alarms.arn],
  okActions: [alarms.arn],
};
new aws.cloudwatch.MetricAlarm("errors", {
  ...everyMinute,
  alarmDescription: "News is not heard.",
  metricQueries: [
    {
      id: "errors",
      metric: {
        namespace: "AWS/Lambda",
        metricName: "Errors",
        dimensions: { FunctionName: listen.name },
        stat: "Sum",
        period: 60,
      },
    },
    { id: "all", expression: "SUM(METRICS())", returnData: true },
  ],
});
new aws.cloudwatch.MetricAlarm("foreign", {
  ...everyMinute,
  namespace: "AWS/Foo",
  metricName: "Bar",
  statistic: "Sum",
  period: 60,
  treatMissingData: "breaching",
});
new aws.cloudwatch.MetricAlarm("lamp", {
  ...everyMinute,
  alarmActions: [],
  okActions: [],
  namespace: "AWS/SQS",
  metricName: "ApproximateNumberOfMessagesVisible",
  dimensions: { QueueName: lamp.name },
  statistic: "Maximum",
  period: 60,
});
new aws.cloudwatch.Dashboard("all", { dashboardName: "all", dashboardBody: "{}" });
export const newsArn = news.arn;
export const lampUrl = lamp.url;
`;

/** A second for each minute. */
function faster(inputs: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(inputs).replaceAll('"period":60', '"period":1')) as Record<
    string,
    unknown
  >;
}

describe("an alarm that a program registers", () => {
  it("goes to ALARM and back to OK, and its topic hears of both", async () => {
    const stack = await startProgram(PROGRAM, {
      override: (registration) =>
        registration.type.startsWith("aws:cloudwatch/")
          ? { ...registration, inputs: faster(registration.inputs) }
          : registration,
    });
    const { client, events } = stack;
    const [sns, sqs] = [new SNSClient(client), new SQSClient(client)];
    const stateOf = (name: string) =>
      stack.alarms.all().find((alarm) => alarm.name === name)?.state;
    try {
      await eventually("OK", () => stateOf("errors") === "OK");
      const TopicArn = String(stack.outputs["newsArn"]);
      await sns.send(new PublishCommand({ TopicArn, Message: "bad" }));
      await eventually("ALARM", () => stateOf("errors") === "ALARM");
      await eventually("OK again", () => stateOf("errors") === "OK");

      // The messages about it lie on the queue, which another alarm looks at.
      await eventually("the queue's alarm", () => stateOf("lamp") === "ALARM");
      const heard: unknown[] = [];
      await eventually("the messages", async () => {
        const QueueUrl = String(stack.outputs["lampUrl"]);
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
        heard.push(...Messages.map(({ Body = "" }) => JSON.parse(Body) as unknown));
        return heard.length === 3;
      });
      const states = heard.map((message) => {
        const { OldStateValue, NewStateValue } = message as Record<string, string>;
        return `${OldStateValue} ${NewStateValue}`;
      });
      expect(states.sort()).toEqual(["ALARM OK", "INSUFFICIENT_DATA OK", "OK ALARM"]);
      expect(events).toContainEqual(
        expect.objectContaining({
          kind: "alarm",
          name: "errors",
          state: "ALARM",
          description: "News is not heard.",
        }),
      );
      expect(stateOf("foreign")).toBe("INSUFFICIENT_DATA");
      expect(events.filter(({ kind }) => kind === "warning")).toEqual([
        { kind: "warning", text: 'alarm "foreign": the laptop does not know AWS/Foo Bar' },
      ]);
    } finally {
      for (const each of [sns, sqs]) each.destroy();
      await stack.stop();
    }
  });
});
