import { type Moment, momentOf } from "../../faults/moment";
import { runViolations } from "../../faults/runs";
import { orderAttributes } from "../../handlers/aws/stored-order";
import type { Kept } from "../../handlers/kept";
import { anOrder, ORDER_ID } from "../support/orders";

const accepted: Moment = momentOf(orderAttributes(anOrder()), 10);
const claimed: Moment = { ...accepted, at: 20, status: "PROCESSING" };
const charge: Kept = { kind: "step", name: "charge", at: "then" };
const refund: Kept = { kind: "undo", name: "undo:charge", at: "then" };
const kept: Moment = { ...claimed, at: 30, kept: [charge] };
const undoing: Moment = { ...kept, at: 40, ending: { status: "REJECTED", reason: "no" } };
const undone: Moment = { ...undoing, at: 50, kept: [charge, refund] };
const rejected: Moment = { ...undone, at: 60, status: "REJECTED" };
const whole = [accepted, claimed, kept, undoing, undone, rejected];

const run = (step: string, at: number) => ({ orderId: ORDER_ID, step, at });

describe("the steps that ran", () => {
  it("are right where each ran before it was kept, and the undo after its beginning", () => {
    const runs = [run("charge", 22), run("charge", 25), run("undo:charge", 45)];
    expect(runViolations(runs, whole)).toEqual([]);
  });

  it("are right in the millisecond of the write that they come before or after", () => {
    const runs = [run("charge", 20), run("charge", 30), run("undo:charge", 40)];
    expect(runViolations(runs, whole)).toEqual([]);
  });

  it.each([
    ["before the order was accepted", run("charge", 10)],
    ["after it was kept", run("charge", 31)],
    ["after the undo began", run("ship", 41)],
    ["before the undo began", run("undo:charge", 35)],
    ["after the order was REJECTED", run("undo:ship", 61)],
  ])("are a violation %s", (when, late) => {
    expect(runViolations([late], whole)).toContain(`"${late.step}" ran ${when}`);
  });

  it("have each to be undone where the order did not complete, and else none", () => {
    expect(runViolations([], [...whole, { ...rejected, kept: [charge] }])).toEqual([
      'no "undo:charge" was kept',
    ]);
    expect(runViolations([], [{ ...kept, at: 70, status: "COMPLETED" }])).toEqual([]);
    expect(runViolations([], [{ ...undone, at: 70, status: "COMPLETED" }])).toEqual([
      '"undo:charge" was kept',
    ]);
    const givenUp: Moment = { ...rejected, kept: [charge], undoFailed: true };
    expect(runViolations([], [givenUp])).toEqual([]);
  });
});
