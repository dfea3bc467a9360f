import { parseAwsCall } from "../../../laptop/aws-call";
import {
  canHappenTo,
  chaos,
  FAULT_KINDS,
  makeCallCounter,
} from "../../../laptop/endpoint/fault-injection";
import { pollerOf } from "../../../laptop/iam/callers";

const body = Buffer.from(JSON.stringify({ TableName: "orders" }));
const headers = (invocationId: string, caller = "get-order") => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${caller}/20260102/eu-west-1/dynamodb/aws4_request`,
  "x-amz-target": "DynamoDB_20120810.GetItem",
  "x-amz-security-token": "sandbox-1",
  "amz-sdk-invocation-id": invocationId,
});

function call(invocationId: string, caller?: string) {
  const named = parseAwsCall({ headers: headers(invocationId, caller) }, body);
  if (!named) throw new Error("the call has no name");
  return named;
}

describe("a call to AWS", () => {
  it("is named by caller, service, action and resource", () => {
    expect(call("i-1")).toMatchObject({
      caller: "get-order",
      sandboxId: "sandbox-1",
      service: "dynamodb",
      action: "GetItem",
      resource: "orders",
    });
    const sqs = { ...headers("i-2"), "x-amz-target": "AmazonSQS.SendMessage" };
    const toQueue = Buffer.from('{"QueueUrl":"http://127.0.0.1:1/000000000000/orders"}');
    expect(parseAwsCall({ headers: sqs }, toQueue)).toMatchObject({
      service: "sqs",
      resource: "orders",
    });
    const { "x-amz-target": _target, ...form } = headers("i-3");
    const sns = { ...form, "content-type": "application/x-www-form-urlencoded" };
    const publish = Buffer.from("Action=Publish&TopicArn=arn:aws:sns:x:1:order-events");
    expect(parseAwsCall({ headers: sns }, publish)).toMatchObject({
      service: "sns",
      action: "Publish",
      resource: "order-events",
    });
  });

  it.each([
    ["no signature", { ...headers("i"), authorization: undefined }, body],
    ["another service", { ...headers("i"), "x-amz-target": "Kinesis_20131202.PutRecord" }, body],
    ["no target", { ...headers("i"), "x-amz-target": undefined }, body],
    ["a body that is no JSON", headers("i"), Buffer.from("x")],
    ["a body that is null", headers("i"), Buffer.from("null")],
  ])("has no name with %s", (_name, given, bytes) => {
    expect(parseAwsCall({ headers: given }, bytes)).toBeUndefined();
  });

  it("keeps its number over its retries", () => {
    const count = makeCallCounter();
    const seen = ["i-1", "i-1", "i-2", "i-1"].map((id) => count(call(id)));
    expect(seen.map(({ n, attempt }) => [n, attempt])).toEqual([
      [1, 1],
      [1, 2],
      [2, 1],
      [1, 3],
    ]);
    expect(count(call("i-3", "create-order")).n).toBe(1);
  });
});

describe("chaos", () => {
  const calls = (seed: number, rate: number, caller = "get-order") =>
    Array.from({ length: 2000 }, (_, i) =>
      chaos(rate, seed)({ ...call("i", caller), n: i + 1, attempt: 1 }),
    );

  it("hits the same calls with the same seed, and others with another", () => {
    expect(calls(1, 0.1)).toEqual(calls(1, 0.1));
    expect(calls(2, 0.1)).not.toEqual(calls(1, 0.1));
  });

  it("fails the share of calls that it is asked for, with every kind of fault", () => {
    const hits = calls(1, 0.1).filter((kind) => kind !== undefined);
    expect(hits.length).toBeGreaterThan(150);
    expect(hits.length).toBeLessThan(250);
    expect(new Set(hits)).toEqual(new Set(FAULT_KINDS));
    expect(calls(1, 0).filter(Boolean)).toEqual([]);
    expect(calls(1, 1)).not.toContain(undefined);
  });

  it("lets pollers fail, and only functions die", () => {
    const poller = pollerOf("process-order");
    const kinds = new Set(calls(1, 1, poller));
    expect(kinds).toEqual(new Set(FAULT_KINDS.filter((kind) => canHappenTo(poller, kind))));
    expect(kinds).not.toContain("crash-before");
    expect(kinds).not.toContain("stalled");
  });
});
