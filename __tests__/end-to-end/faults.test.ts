import { countCalls } from "../../faults/calls";
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

describe("an order whose AWS calls go wrong", () => {
  it("keeps every promise for each AWS call and each kind of fault", async () => {
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
});

describe("an order of which no AWS call goes wrong", () => {
  it("takes six calls, two invocations and six write units", async () => {
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
