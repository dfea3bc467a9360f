import type { AwsCall } from "../../../laptop/aws-call";
import { makeTracedCalls } from "../../../laptop/traces/calls";
import { makeTraces } from "../../../laptop/traces/traces";

const context = { root: "1-00000000-000000000000000000000001" };

function aCall(invocationId: string): AwsCall {
  return {
    ...{ caller: "work", sandboxId: "1", service: "dynamodb", action: "PutItem" },
    ...{ resource: "orders", invocationId, body: Buffer.alloc(0), fields: {} },
  };
}

function setUp() {
  const traces = makeTraces();
  const trace = makeTracedCalls(traces);
  const tryIt = (invocationId: string, outcome: string) => {
    const traced = trace(context, aCall(invocationId));
    traced.outcome = outcome;
    traced.end();
  };
  return { tryIt, trace, spans: () => traces.get(context.root)?.spans ?? [] };
}

describe("a traced call", () => {
  it("is one span with all its tries", () => {
    const { tryIt, spans } = setUp();
    tryIt("a", "throttled");
    tryIt("a", "throttled");
    tryIt("a", "ok");
    tryIt("b", "ok");
    expect(spans()).toMatchObject([
      {
        ...{ kind: "call", name: "dynamodb PutItem", trouble: "throttled" },
        tries: [{ outcome: "throttled" }, { outcome: "throttled" }, { outcome: "ok" }],
      },
      { kind: "call", tries: [{ outcome: "ok" }] },
    ]);
    expect(spans()[1]?.trouble).toBeUndefined();
  });

  it("goes on again while it is tried again", () => {
    const { tryIt, trace, spans } = setUp();
    tryIt("a", "server-error");
    expect(spans()[0]?.milliseconds).toBeDefined();
    trace(context, aCall("a"));
    expect(spans()[0]?.milliseconds).toBeUndefined();
  });

  it("has no trouble where its condition does not hold: that is an answer", () => {
    const { tryIt, spans } = setUp();
    tryIt("a", "ConditionalCheckFailedException");
    expect(spans()[0]).toMatchObject({ tries: [{ outcome: "ConditionalCheckFailedException" }] });
    expect(spans()[0]?.trouble).toBeUndefined();
  });
});
