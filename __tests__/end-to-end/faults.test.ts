import { countCalls } from "../../faults/calls";
import { runLoad } from "../../faults/load";
import { runMatrix } from "../../faults/matrix";
import { brokenCells } from "../../faults/report";
import { END_STATUSES } from "../../handlers/order";
import { FAULT_KINDS } from "../../laptop/endpoint/fault-injection";

/** Every call that a function makes of AWS, by its action. */
const CALLS = [
  "create-order PutItem",
  "create-order SendMessage",
  "get-order GetItem",
  "process-order ChangeMessageVisibility",
  "process-order GetItem",
  "process-order Publish",
  "process-order UpdateItem",
  "reconcile-orders GetQueueAttributes",
  "reconcile-orders Query",
  "reconcile-orders SendMessageBatch",
  "reconcile-orders UpdateItem",
];
/** What these do to an order: all steps of its life but an operator's redrive. */
const EFFECTS = [
  "accept",
  "claim",
  "claim again",
  "claim to give up",
  "complete",
  "give up",
  "look again",
  ...END_STATUSES.flatMap((status) => [`notify ${status}`, `stamp ${status}`]),
  "refused",
  "reject",
  "release",
];

describe("an AWS that goes wrong", () => {
  it("breaks no promise, at whichever call and in whatever way", async () => {
    const cells = await runMatrix(() => undefined);
    expect(brokenCells(cells)).toEqual([]);
    const calls = new Set(cells.map(({ caller, action }) => `${caller} ${action}`));
    expect([...calls].sort()).toEqual(CALLS);
    const effects = new Set(cells.flatMap(({ effect }) => effect ?? []));
    expect([...effects].sort()).toEqual(EFFECTS.toSorted());
    for (const call of calls) {
      const ofCall = cells.filter(({ caller, action }) => `${caller} ${action}` === call);
      const kinds = new Set(ofCall.map(({ kind }) => kind));
      expect([call, kinds.size]).toEqual([call, FAULT_KINDS.length]);
    }
  }, 300_000);

  it("loses none of many orders, and doubles none", async () => {
    const load = { orders: 60, connections: 10, rate: 0.05, seed: 7 };
    const result = await runLoad(load, () => undefined);
    expect(result).toMatchObject({ accepted: 60, lost: 0, doubled: 0, violations: [] });
    expect(result.completed + result.failed).toBe(60);
  }, 240_000);
});

describe("an AWS where nothing goes wrong", () => {
  it("is called six times for an order, by two invocations, for six write units", async () => {
    const { calls, invocations } = await countCalls();
    expect(calls.map(({ caller, action }) => `${caller} ${action}`)).toEqual([
      "create-order PutItem",
      "create-order SendMessage",
      "process-order UpdateItem",
      "process-order UpdateItem",
      "process-order Publish",
      "process-order UpdateItem",
    ]);
    expect(invocations).toEqual(["create-order", "process-order"]);
    const units = calls.flatMap((call) => call.units ?? []);
    expect(units.map(({ item, index }) => [item, index])).toEqual([
      [1, 1],
      [1, 0],
      [1, 0],
      [1, 1],
    ]);
  });
});
