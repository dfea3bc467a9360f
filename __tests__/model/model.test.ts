import { makeLife } from "../../model/life/life";
import type { Options } from "../../model/life/options";
import { pack, unpack, WORDS_PER_STATE } from "../../model/life/pack";
import { NO_HISTORY, NO_ORDER, type State } from "../../model/life/state";
import { search } from "../../model/search";
import { PLANTED_BUGS, WITHOUT_FAULTS } from "../../model/suites";
import { outlives, Timeline } from "../../model/timeline";

const SMALL: Partial<Options> = { redrives: 0, duplicates: 0, rejects: false };

/** Found by `npm run model` alone. */
const TAKES_LONG = ["complete compares the attempt alone", "stamp ignores the life"];

describe("the model of an order's life", () => {
  it("finds nothing wrong with the design under faults", () => {
    const { violations, isTruncated, states } = search(makeLife({ ...SMALL, undo: "ok" }));
    expect({ violations, isTruncated }).toEqual({ violations: [], isTruncated: false });
    expect(states).toBeGreaterThan(10_000);
  });

  it("finds nothing wrong when step and undo always throw", () => {
    const { violations } = search(makeLife({ ...SMALL, step: "throws", undo: "throws" }));
    expect(violations).toEqual([]);
  });

  const [bothKill] = WITHOUT_FAULTS;
  it("lets every order that kills its process end without faults", () => {
    expect(bothKill?.options).toMatchObject({ step: "kills", undo: "kills" });
    expect(search(makeLife(bothKill?.options ?? {})).violations).toEqual([]);
  });

  const quick = PLANTED_BUGS.filter(({ name }) => !TAKES_LONG.includes(name));
  it.each(quick)("notices: $name", ({ options, finds = "" }) => {
    const { violations } = search(makeLife(options), { until: finds });
    expect(violations.map(({ name }) => name)).toContain(finds);
  });

  it("packs a state into so many bits that nothing of it is lost", () => {
    const state: State = {
      order: { ...NO_ORDER, status: "PROCESSING", redrives: 1, attempt: 4, tries: 4, isOpen: true },
      history: { ...NO_HISTORY, publications: 0b100, stepRuns: [2, 1], hasUndone: true },
      posts: 1,
      duplicates: 0,
      redrives: 1,
      creations: ["put"],
      messages: [2, 0],
      workers: [
        { at: "undo", isZombie: true, receives: 2, attempt: 4, redrives: 1, end: "FAILED" },
        { at: "claim", isZombie: false, receives: 1, attempt: 3, redrives: 0, end: "REJECTED" },
      ],
      reconcilers: ["send", "postpone"],
      snapshot: { ...NO_ORDER, status: "REJECTED", isNotified: true },
    };
    const words = new Int32Array(WORDS_PER_STATE);
    pack(state, words);
    const unpacked = unpack(words);
    expect(new Set(unpacked.workers)).toEqual(new Set(state.workers));
    expect({ ...unpacked, workers: [] }).toEqual({ ...state, workers: [] });
  });
});

describe("one order in time", () => {
  it("outlives 11 hours without the step's dependency", () => {
    const until = 11 * 3600;
    const { order } = new Timeline({ step: (t) => (t < until ? "throws" : "returns") }).run();
    expect(order.status).toBe("COMPLETED");
    expect(outlives(20)).toBeGreaterThan(until);
  });

  it("gives up after the backoff of the last attempt", () => {
    const { order, counts } = new Timeline({ step: () => "throws" }).run();
    expect([order.status, counts.steps, counts.undos]).toEqual(["FAILED", 20, 1]);
    expect(order.notifiedAt).toBeGreaterThan(outlives(20) + 3600);
  });
});
