import { stackMap } from "../../../laptop/console/stack-map";
import type { Statement } from "../../../laptop/iam/policy-document";
import type { Registered } from "../../../laptop/program/resources";

const arnOf = (service: string, name: string) =>
  `arn:aws:${service}:eu-west-1:000000000000:${name}`;
const functionArn = arnOf("lambda", "function:work");

function registered(type: string, name: string, inputs: object, arn?: string): Registered {
  return { type, name, inputs: inputs as Registered["inputs"], outputs: arn ? { arn } : {} };
}

const uri = `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
const operation = { "x-amazon-apigateway-integration": { uri } };
const api = JSON.stringify({ paths: { "/a": { get: operation, post: operation } } });
const deadArn = arnOf("sqs", "dead");
const redrivePolicy = JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount: 5 });
const topicArn = arnOf("sns", "news");
const tableArn = arnOf("dynamodb", "table/items");

const RESOURCES = [
  registered("aws:apigateway/restApi:RestApi", "api", { name: "shop", body: api }, "api"),
  registered("aws:lambda/function:Function", "work", {}, functionArn),
  registered("aws:sqs/queue:Queue", "jobs", { redrivePolicy }, arnOf("sqs", "jobs")),
  registered("aws:sqs/queue:Queue", "dead", {}, deadArn),
  registered("aws:sns/topic:Topic", "news", {}, topicArn),
  registered("aws:dynamodb/table:Table", "items", {}, tableArn),
  registered("aws:scheduler/schedule:Schedule", "clock", {
    ...{ scheduleExpression: "rate(1 minute)", target: { arn: functionArn } },
  }),
  registered("aws:lambda/eventSourceMapping:EventSourceMapping", "jobs", {
    ...{ eventSourceArn: arnOf("sqs", "jobs"), functionName: functionArn },
  }),
  registered("aws:sns/topicSubscription:TopicSubscription", "mail", {
    ...{ topic: topicArn, protocol: "email", endpoint: "somebody@example.com" },
  }),
  registered("aws:sns/topicSubscription:TopicSubscription", "audit", {
    ...{ topic: topicArn, protocol: "sqs", endpoint: arnOf("sqs", "jobs") },
  }),
  registered("aws:cloudwatch/metricAlarm:MetricAlarm", "alarm", {}, "alarm"),
];

const POLICY: Statement[] = [
  {
    Effect: "Allow",
    Action: ["dynamodb:PutItem", "dynamodb:Query"],
    Resource: `${tableArn}/index/*`,
  },
  { Effect: "Allow", Action: "dynamodb:PutItem", Resource: [tableArn] },
  { Effect: "Allow", Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage"], Resource: deadArn },
  { Effect: "Allow", Action: "sns:Publish", Resource: "*" },
  { Effect: "Deny", Action: "sns:Publish", Resource: topicArn },
];

const map = (resources: readonly Registered[]) => stackMap(resources, () => POLICY);

describe("the map of a stack", () => {
  it("has what the program has registered, and its subscribers without their addresses", () => {
    const { nodes } = map(RESOURCES);
    expect(nodes.map(({ id }) => id).sort()).toEqual([
      "api:shop",
      "function:work",
      "queue:dead",
      "queue:jobs",
      "schedule:clock",
      "subscriber:email",
      "table:items",
      "topic:news",
    ]);
    expect(JSON.stringify(map(RESOURCES))).not.toContain("somebody");
  });

  it("has arrows as requests and messages go, and calls by the function's own policy", () => {
    const { edges } = map(RESOURCES);
    expect(edges.map(({ id, label }) => `${id}: ${label}`).sort()).toEqual([
      "api:shop→function:work: GET /a, POST /a",
      "function:work→table:items: PutItem, Query",
      "queue:jobs→function:work: messages",
      "queue:jobs→queue:dead: after 5 receives",
      "schedule:clock→function:work: rate(1 minute)",
      "topic:news→queue:jobs: notifications",
      "topic:news→subscriber:email: notifications",
    ]);
  });

  it("is the same in whatever order they were registered", () => {
    expect(map(RESOURCES.toReversed())).toEqual(map(RESOURCES));
  });
});
