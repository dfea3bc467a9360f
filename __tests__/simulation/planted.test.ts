import { PLANTED_BUGS } from "../../simulation/planted";
import { runSeeds } from "../../simulation/seeds";

const SEEDS = 2000;
/** `npm run simulate -- --planted` looks for all of them. */
const SOME_BUGS = PLANTED_BUGS.filter((_bug, i) => i % 3 === 0);

describe("the simulation notices a planted bug", () => {
  it("of at least thirty kinds, ten of which need two faults together", () => {
    expect(PLANTED_BUGS.length).toBeGreaterThanOrEqual(30);
    expect(PLANTED_BUGS.filter((bug) => bug.needsTwoFaults).length).toBeGreaterThanOrEqual(10);
  });

  it.each(SOME_BUGS)("$name", async (bug) => {
    const { broken } = await runSeeds({
      from: bug.seed ?? 1,
      count: SEEDS,
      bug,
      stopAtFirst: true,
      // The other cores are for tests whose times are real.
      threads: 1,
    });

    expect(broken).not.toEqual([]);
  });
});
