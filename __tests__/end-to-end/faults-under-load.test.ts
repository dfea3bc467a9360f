import { runLoad } from "../../faults/load";

describe("many orders of which one AWS call in twenty goes wrong", () => {
  it("are all created once, end and are notified", async () => {
    const load = { orders: 20, connections: 10, rate: 0.05, seed: 7 };
    const result = await runLoad(load, () => undefined);
    expect(result).toMatchObject({ accepted: 20, lost: 0, doubled: 0, violations: [] });
    expect(result.completed + result.failed).toBe(20);
  }, 240_000);
});
