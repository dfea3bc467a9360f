import {
  type Change,
  type Entry,
  historyEntries,
  MAX_HISTORY_ENTRIES,
  withEntry,
} from "../../handlers/history";
import { NOW } from "../support/orders";

const T = NOW.getTime();

/** Each a second after the one before. */
function historyOf(...changes: (Partial<Entry> & { change: Change })[]): Entry[] {
  let history: Entry[] = [];
  for (const [i, change] of changes.entries()) {
    const made = withEntry(history, { at: T + i * 1000, attempt: 0, ...change });
    history = "append" in made ? [...history, made.append] : made.whole;
  }
  return history;
}

const claim = (attempt: number) => ({ change: "claim" as const, attempt });
const release = (attempt: number, why = "Error") => ({ change: "release" as const, attempt, why });

describe("the history of an order", () => {
  it("has an entry for each change, with where it has led from and to", () => {
    const history = historyOf(
      { change: "accept" },
      claim(1),
      { change: "keep", attempt: 1, step: "charge" },
      { change: "wait", attempt: 1, step: "pickup", until: T + 60_000 },
      claim(2),
      { change: "ask to cancel", attempt: 2 },
      { change: "begin undo", attempt: 3, why: "CANCELLED" },
      { change: "keep", attempt: 3, step: "undo:charge" },
      { change: "cancel", attempt: 3 },
      { change: "notify", attempt: 3 },
    );
    expect(historyEntries(history)).toEqual(
      [
        { change: "accept", to: "RECEIVED", attempt: 0 },
        { change: "claim", from: "RECEIVED", to: "PROCESSING", attempt: 1 },
        { change: "keep", from: "PROCESSING", to: "PROCESSING", attempt: 1, step: "charge" },
        {
          change: "wait",
          from: "PROCESSING",
          to: "PROCESSING",
          attempt: 1,
          step: "pickup",
          until: new Date(T + 60_000).toISOString(),
        },
        { change: "claim", from: "PROCESSING", to: "PROCESSING", attempt: 2 },
        { change: "ask to cancel", from: "PROCESSING", to: "PROCESSING", attempt: 2 },
        {
          change: "begin undo",
          from: "PROCESSING",
          to: "PROCESSING",
          attempt: 3,
          why: "CANCELLED",
        },
        { change: "keep", from: "PROCESSING", to: "PROCESSING", attempt: 3, step: "undo:charge" },
        { change: "cancel", from: "PROCESSING", to: "CANCELLED", attempt: 3 },
        { change: "notify", from: "CANCELLED", to: "CANCELLED", attempt: 3 },
      ].map((entry, i) => ({ at: new Date(T + i * 1000).toISOString(), ...entry })),
    );
  });

  it("shows a cancellation before any claim, and a new life", () => {
    const edges = (...changes: (Partial<Entry> & { change: Change })[]) =>
      historyEntries(historyOf(...changes)).map(({ from, to }) => `${from} ${to}`);
    expect(edges({ change: "accept" }, { change: "cancel", attempt: 0 })).toEqual([
      "undefined RECEIVED",
      "RECEIVED CANCELLED",
    ]);
    expect(edges({ change: "give up", attempt: 9 }, { change: "redrive" }, claim(1))).toEqual([
      "PROCESSING FAILED",
      "FAILED RECEIVED",
      "RECEIVED PROCESSING",
    ]);
  });

  it("folds attempts that fail alike into one entry each, with a count and two times", () => {
    const history = historyOf(
      { change: "accept" },
      ...[1, 2, 3].flatMap((attempt) => [claim(attempt), release(attempt)]),
    );
    expect(history.slice(1)).toEqual([
      { change: "claim", at: T + 5000, attempt: 3, count: 3, firstAt: T + 1000 },
      { change: "release", at: T + 6000, attempt: 3, why: "Error", count: 3, firstAt: T + 2000 },
    ]);
    expect(historyEntries(history)[1]).toEqual({
      at: new Date(T + 5000).toISOString(),
      firstAt: new Date(T + 1000).toISOString(),
      change: "claim",
      from: "RECEIVED",
      to: "PROCESSING",
      attempt: 3,
      count: 3,
    });
  });

  it("folds claims of workers that died, and tells other failures apart", () => {
    const changes = (...made: (Partial<Entry> & { change: Change })[]) =>
      historyOf(...made).map(({ change, count = 1, why }) => [change, count, why].join(" ").trim());
    expect(changes(claim(1), claim(2), claim(3))).toEqual(["claim 3"]);
    expect(changes(claim(1), release(1), claim(2), release(2, "TimeoutError"), claim(3))).toEqual([
      "claim 2",
      "release 1 Error",
      "release 1 TimeoutError",
      "claim 1",
    ]);
    const kept = { change: "keep" as const, attempt: 1, step: "charge" };
    expect(changes(claim(1), kept, release(1), claim(2), release(2))).toEqual([
      "claim 1",
      "keep 1",
      "release 2 Error",
      "claim 1",
    ]);
  });

  it("is bounded: the first entry stays, and the newest", () => {
    const steps = Array.from({ length: 60 }, (_, i) => ({
      change: "keep" as const,
      attempt: 1,
      step: `step ${i}`,
    }));
    const history = historyOf({ change: "accept" }, claim(1), ...steps);
    expect(history).toHaveLength(48);
    expect(history[0]?.change).toBe("accept");
    expect(history.slice(1).map(({ step }) => step)).toEqual(
      steps.slice(-47).map(({ step }) => step),
    );
  });

  it("does not begin with a notification whose end is gone", () => {
    const life = [
      claim(1),
      { change: "give up" as const, attempt: 2 },
      { change: "notify" as const },
    ];
    const lives = Array.from({ length: 30 }, () => [...life, { change: "redrive" as const }]);
    const history = historyOf({ change: "accept" });
    const lengths = new Set<number>();
    for (const [i, change] of lives.flat().entries()) {
      const made = withEntry(history, { at: T + i, attempt: 1, ...change });
      history.splice(0, Infinity, ...("append" in made ? [...history, made.append] : made.whole));
      lengths.add(history.length);
      const edges = historyEntries(history).slice(1);
      const broken = edges.filter(({ from }, at) => at > 0 && from !== edges[at - 1]?.to);
      expect(broken).toEqual([]);
    }
    expect(Math.max(...lengths)).toBe(48);
  });

  it("has room for the two entries of a new life that are made without a look at it", () => {
    expect(MAX_HISTORY_ENTRIES).toBe(48 + 2);
    const long = Array.from({ length: MAX_HISTORY_ENTRIES }, (_, i): Entry => ({
      change: "keep",
      at: T + i,
      attempt: 1,
    }));
    const made = withEntry(long, { change: "complete", at: T, attempt: 1 });
    expect("whole" in made && made.whole).toHaveLength(48);
  });
});
