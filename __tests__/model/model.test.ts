import { makeLife } from "../../model/life/life";
import type { Options } from "../../model/life/options";
import { pack, unpack, WORDS_PER_STATE } from "../../model/life/pack";
import { NO_HISTORY, NO_ORDER, NOTHING_KNOWN, type State } from "../../model/life/state";
import { PLANTED_BUGS } from "../../model/planted-bugs";
import { search } from "../../model/search";
import { WITHOUT_FAULTS } from "../../model/suites";
import { outlives, Timeline } from "../../model/timeline";

const SMALL: Partial<Options> = { redrives: 0, duplicates: 0, rejects: false };

const SMALLEST: Partial<Options> = { ...SMALL, maxAttempts: 1, maxReceives: 1, messages: 1 };

/** Found by `npm run model` alone. */
const TAKES_LONG = [
  "complete compares the attempt alone",
  "stamp ignores the life",
  "fail without undo ignores a step kept meanwhile",
  "redrive keeps kept steps",
  "redrive keeps undoTries",
  "redrive keeps steps of the undo",
  "end without undo ignores cancelRequestedAt",
];

const WORKER = { ...NOTHING_KNOWN, receives: 1 };

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

  it("finds nothing wrong with steps, a wait and a step of the undo", () => {
    const entries = { steps: 2, waits: 1, undoSteps: 1, rejects: true };
    const { violations, isTruncated, states } = search(makeLife({ ...SMALLEST, ...entries }));
    expect({ violations, isTruncated }).toEqual({ violations: [], isTruncated: false });
    expect(states).toBeGreaterThan(10_000);
  });

  it("finds nothing wrong with a cancellation at any moment", () => {
    const { violations, isTruncated, states } = search(
      makeLife({ ...SMALLEST, cancels: 1, steps: 1, waits: 1 }),
    );
    expect({ violations, isTruncated }).toEqual({ violations: [], isTruncated: false });
    expect(states).toBeGreaterThan(10_000);
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
      order: {
        ...NO_ORDER,
        status: "PROCESSING",
        redrives: 1,
        attempt: 4,
        tries: 4,
        undoTries: 2,
        pause: "wait",
        ending: "CANCELLED",
        isCancelRequested: true,
        kept: 3,
        keptOfUndo: 1,
        isOpen: true,
      },
      history: { ...NO_HISTORY, publications: 0b10000100, claims: 2, kept: 3, hasUndone: true },
      posts: 1,
      duplicates: 0,
      redrives: 1,
      cancels: 1,
      creations: ["put"],
      messages: [2, 0],
      workers: [
        { ...WORKER, at: "undo", isZombie: true, receives: 2, attempt: 4, redrives: 1, kept: 1 },
        { ...WORKER, at: "hide", attempt: 12, end: "CANCELLED", kept: 3 },
      ],
      reconcilers: ["send", "postpone"],
      cancellations: [{ at: "request", redrives: 1, attempt: 12 }],
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
