import { type FaultPlan, firstOf } from "../../../laptop/endpoint/fault-injection";
import { makeOutages, type Outage } from "../../../laptop/endpoint/outages";
import type { StackEvent } from "../../../laptop/events";

jest.useFakeTimers();

const outage = (service: Outage["service"], seconds: number): Outage => ({
  ...{ service, kind: "cut-off", seconds },
});

function setUp(...atStart: Outage[]) {
  const events: StackEvent[] = [];
  const outages = makeOutages(atStart, (event) => void events.push(event));
  const of = (service: string) => outages.faults({ service } as Parameters<FaultPlan>[0]);
  return { outages, events, faults: () => [of("sqs"), of("sns"), of("dynamodb")] };
}

const reset = "connection-reset";

describe("outages", () => {
  it("cut off their services from the start until their seconds are over", () => {
    const { outages, events, faults } = setUp(outage("sqs", 25), outage("sns", 10));
    expect(faults()).toEqual([reset, reset, undefined]);
    jest.advanceTimersByTime(60_000);
    expect(faults()).toEqual([reset, reset, undefined]);
    outages.begin();
    jest.advanceTimersByTime(9_999);
    expect(faults()).toEqual([reset, reset, undefined]);
    jest.advanceTimersByTime(1);
    expect(faults()).toEqual([reset, undefined, undefined]);
    jest.advanceTimersByTime(14_999);
    expect(faults()).toEqual([reset, undefined, undefined]);
    jest.advanceTimersByTime(1);
    expect(faults()).toEqual([undefined, undefined, undefined]);
    expect(events).toEqual([
      { kind: "outage", service: "sqs", seconds: 25 },
      { kind: "outage", service: "sns", seconds: 10 },
      { kind: "outage", service: "sns" },
      { kind: "outage", service: "sqs" },
    ]);
  });

  it("start and end while the stack runs, and another one takes the place of the one before", () => {
    const { outages, events, faults } = setUp();
    outages.begin();
    outages.start({ ...outage("dynamodb", 30), kind: "throttled" });
    expect(faults()).toEqual([undefined, undefined, "throttled"]);
    jest.advanceTimersByTime(20_000);
    outages.start(outage("dynamodb", 30));
    jest.advanceTimersByTime(20_000);
    expect(faults()).toEqual([undefined, undefined, reset]);
    expect(outages.running()).toEqual([{ ...outage("dynamodb", 30), until: Date.now() + 10_000 }]);
    outages.end("dynamodb");
    outages.end("dynamodb");
    expect(faults()).toEqual([undefined, undefined, undefined]);
    expect(events).toEqual([
      { kind: "outage", service: "dynamodb", seconds: 30, throttled: true },
      { kind: "outage", service: "dynamodb", seconds: 30 },
      { kind: "outage", service: "dynamodb" },
    ]);
  });

  it("come before other faults", () => {
    const { outages } = setUp(outage("sqs", 1));
    const plan = firstOf(outages.faults, () => "throttled");
    const of = (service: string) => plan({ service } as Parameters<FaultPlan>[0]);
    expect([of("sqs"), of("sns")]).toEqual([reset, "throttled"]);
  });
});
