import { runHistory } from "../../simulation/history";
import { SCENARIOS } from "../../simulation/scenarios";
import { captureLogs } from "../support/capture-logs";

captureLogs();

describe("histories that once violated an invariant", () => {
  it.each(SCENARIOS)("$name", async ({ plan, deviations }) => {
    const result = await runHistory(plan);

    expect(result.violations).toEqual([]);
    expect(deviations(result)).toEqual([]);
  });
});
