import { eventually, within } from "../../harness/eventually";

/** Gives each of these in turn, then the last one again and again. */
function inTurn<T>(...results: T[]) {
  let calls = 0;
  const probe = () => {
    calls += 1;
    return results[Math.min(calls, results.length) - 1];
  };
  return { probe, calls: () => calls };
}

describe("eventually", () => {
  it("gives what its probe gives in the end, however falsy", async () => {
    const { probe, calls } = inTurn<0 | false | undefined>(undefined, false, 0);
    expect(await eventually("a zero", probe)).toBe(0);
    expect(calls()).toBe(3);
  });

  it("fails with what it has waited for, when the time is over", async () => {
    const { probe, calls } = inTurn(false as const);
    await expect(eventually("rain", probe, 100)).rejects.toThrow(
      new Error("waited 0.1 s for rain"),
    );
    expect(calls()).toBeGreaterThan(1);
  });

  it("asks once where there is no time at all", async () => {
    expect(await eventually("now", () => "now", 0)).toBe("now");
  });

  it("fails at once with what its probe throws", async () => {
    const broken = () => Promise.reject(new Error("broken"));
    await expect(eventually("rain", broken)).rejects.toThrow(new Error("broken"));
  });
});

describe("within", () => {
  it("gives undefined when the time is over", async () => {
    expect(await within(0, () => false)).toBeUndefined();
  });
});
