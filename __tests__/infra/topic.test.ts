import { reachableFrom } from "../../infra/topic-subscription";
import {
  arn,
  type Evaluated,
  evaluateWithoutArchives,
  inputsOf,
  namesOf,
} from "../support/aws-mocks";

const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const TOPIC = arn("sns", "order-events");

describe("the topic", () => {
  let program: Evaluated;

  beforeAll(async () => {
    program = await evaluateWithoutArchives({
      "order-processing:subscriptions": [
        { protocol: "email", endpoint: "ops@example.com", status: "FAILED" },
        { protocol: "https", endpoint: "https://example.com/hook" },
        { protocol: "sqs", endpoint: arn("sqs", "theirs"), customerId: "c-1", status: "REJECTED" },
      ],
    });
  });

  const subscriptions = () => program.resources.filter(({ type }) => type === SUBSCRIPTION);

  it("denies plain HTTP and other accounts access, by actions that SNS accepts", () => {
    const { policy, ...inputs } = inputsOf(
      program,
      "aws:sns/topicPolicy:TopicPolicy",
      "order-events",
    );
    expect(inputs).toEqual({ arn: TOPIC });
    const { Statement } = JSON.parse(String(policy)) as { Statement: Record<string, unknown>[] };
    expect(Statement.map(({ Sid, Effect, Resource }) => [Sid, Effect, Resource])).toEqual([
      ["OnlyOverTls", "Deny", TOPIC],
      ["OnlyThisAccount", "Deny", TOPIC],
    ]);
    const actions = ["AddPermission", "DeleteTopic", "GetTopicAttributes"];
    actions.push("ListSubscriptionsByTopic", "Publish", "RemovePermission");
    actions.push("SetTopicAttributes", "Subscribe");
    for (const { Action } of Statement) {
      expect(Action).toEqual(actions.map((action) => `sns:${action}`));
    }
    expect(namesOf(program, "aws:sns/topic:Topic")).toEqual(["alarms", "order-events"]);
  });

  it("is encrypted with a key that AWS manages", () => {
    const topic = inputsOf(program, "aws:sns/topic:Topic", "order-events");
    expect(topic).toEqual({ kmsMasterKeyId: "alias/aws/sns" });
  });

  it("has the subscriptions of the config, with their filters", () => {
    expect(subscriptions().map(({ inputs }) => inputs)).toEqual(
      expect.arrayContaining([
        {
          topic: TOPIC,
          protocol: "email",
          endpoint: "ops@example.com",
          filterPolicy: '{"status":["FAILED"]}',
        },
        { topic: TOPIC, protocol: "https", endpoint: "https://example.com/hook" },
        {
          topic: TOPIC,
          protocol: "sqs",
          endpoint: arn("sqs", "theirs"),
          filterPolicy: '{"customerId":["c-1"],"status":["REJECTED"]}',
        },
      ]),
    );
    expect(subscriptions()).toHaveLength(3);
  });

  it("keeps endpoints and filters secret, and names no resource after them", () => {
    for (const { name, inputs, secretInputs } of subscriptions()) {
      expect(name).toMatch(/^(?:email|https|sqs)-[0-9a-f]{12}$/);
      expect(secretInputs.sort()).toEqual(
        "filterPolicy" in inputs ? ["endpoint", "filterPolicy"] : ["endpoint"],
      );
    }
  });

  it("refuses another account's queue, which could never confirm the subscription", () => {
    const theirs = "arn:aws:sqs:eu-west-1:999999999999:theirs";
    expect(() => reachableFrom(TOPIC, theirs, "alarms.subscriptions")).toThrow(
      "order-processing:alarms.subscriptions names a queue of the account 999999999999, but the topic is in " +
        "123456789012: only queues of this account can be subscribed. Use https for others.",
    );
    for (const endpoint of [arn("sqs", "ours"), "ops@example.com", "https://example.com"]) {
      expect(reachableFrom(TOPIC, endpoint, "subscriptions")).toBe(endpoint);
    }
  });
});
