import { runLoad } from "../../faults/load";
import { runMatrix } from "../../faults/matrix";
import { FAULT_KINDS } from "../../local/faults";

const FUNCTIONS = [
  "create-order",
  "fail-order",
  "get-order",
  "process-order",
  "record-notification",
];

describe("an AWS that goes wrong", () => {
  it("breaks no promise, at whichever call and in whatever way", async () => {
    const cells = await runMatrix(() => undefined);
    expect(cells.filter(({ ok }) => !ok)).toEqual([]);
    expect([...new Set(cells.map(({ caller }) => caller))].sort()).toEqual(FUNCTIONS);
    for (const caller of FUNCTIONS) {
      const kinds = new Set(cells.filter((cell) => cell.caller === caller).map(({ kind }) => kind));
      expect([caller, kinds.size]).toEqual([caller, FAULT_KINDS.length]);
    }
  }, 240_000);

  it("loses none of many orders, and doubles none", async () => {
    const load = { orders: 60, connections: 10, rate: 0.05, seed: 7 };
    const result = await runLoad(load, () => undefined);
    expect(result).toMatchObject({ accepted: 60, lost: 0, doubled: 0, complaints: [] });
    expect(result.completed + result.failed).toBe(60);
  }, 240_000);
});
