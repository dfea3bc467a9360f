import { nameOfCallSite } from "../../faults/call-sites";
import { runMatrix } from "../../faults/matrix";
import { brokenCells } from "../../faults/report";
import { END_STATUSES } from "../../handlers/order";
import type { Send } from "../../harness/client";
import { FAULT_KINDS } from "../../laptop/endpoint/fault-injection";
import { checkedFetch, makeResponseChecker } from "../support/contract/response-checker";

/** Every call that a function makes of AWS, by its action. */
const CALLS = [
  "cancel-order SendMessage",
  "cancel-order UpdateItem",
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
/** What these do to an order: all changes of its life but an operator's redrive. */
const EFFECTS = [
  "accept",
  "ask to cancel",
  "cancel",
  "cancel at once",
  "claim",
  "claim again",
  "claim again for the undo",
  "claim for the undo",
  "claim for the undo, CANCELLED",
  "complete",
  "give up",
  "keep",
  "keep in the undo",
  "look again",
  ...END_STATUSES.flatMap((status) => [`notify ${status}`, `stamp ${status}`]),
  ...["CANCELLED", "PROCESSING", "RECEIVED"].map((status) => `of an order ${status}`),
  "refused",
  "refused, to be cancelled",
  "reject",
  "release",
  "release in the undo",
  "turn to the undo",
  "turn to the undo, CANCELLED",
  "wait",
];

/** Those that faults lead to, among others. */
const RESPONSES = ["POST /orders 202"];

/** Each response to a client is one of openapi.yaml, or its request fails. */
const { check, counts } = makeResponseChecker();
const checkedSend: Send = (url, init) => {
  const [apiUrl = ""] = /^http:\/\/[^/]+\/[^/]+\//.exec(url) ?? [];
  return checkedFetch(apiUrl, check)(url, init);
};

describe("an order whose AWS calls go wrong", () => {
  it("keeps every promise for each AWS call and each kind of fault", async () => {
    const cells = await runMatrix("slice", () => undefined, checkedSend);
    expect(brokenCells(cells)).toEqual([]);
    const calls = new Set(cells.map(({ caller, action }) => `${caller} ${action}`));
    expect([...calls].sort()).toEqual(CALLS);
    const effects = new Set(cells.flatMap(({ effect }) => effect ?? []));
    expect([...effects].sort()).toEqual(EFFECTS.toSorted());
    const kinds = new Map(cells.map((cell) => [nameOfCallSite(cell), 0]));
    for (const cell of cells) {
      const name = nameOfCallSite(cell);
      kinds.set(name, (kinds.get(name) ?? 0) + 1);
    }
    expect([...new Set(kinds.values())]).toEqual([1]);
    expect(new Set(cells.map(({ kind }) => kind))).toEqual(new Set(FAULT_KINDS));
    expect([...counts.keys()]).toEqual(expect.arrayContaining(RESPONSES));
  }, 300_000);
});
