import { PLANTED_BUGS } from "../../simulation/planted";
import { runSeeds } from "../../simulation/seeds";

const SEEDS = 2000;

describe("the simulation notices a planted bug", () => {
  it("of at least sixteen kinds, six of which need two faults together", () => {
    expect(PLANTED_BUGS.length).toBeGreaterThanOrEqual(16);
    expect(PLANTED_BUGS.filter((bug) => bug.needsTwoFaults).length).toBeGreaterThanOrEqual(6);
  });

  it.each(PLANTED_BUGS)("$name", async (bug) => {
    const { broken } = await runSeeds({ from: 1, count: SEEDS, bug, stopAtFirst: true });

    expect(broken).not.toEqual([]);
  });
});
