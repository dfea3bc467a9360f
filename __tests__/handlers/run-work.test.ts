import type { Kept } from "../../handlers/kept";
import type { StoredOrder } from "../../handlers/life";
import { type Run, runWork, type WorkTable } from "../../handlers/run-work";
import { keptSteps, type Work } from "../../handlers/work";
import { aStoredOrder, NOW, ORDER_ID } from "../support/orders";

const now = NOW.getTime();
const at = NOW.toISOString();
const step = (name: string, result?: unknown) => ({ kind: "step", name, at, result }) as Kept;

/** A claimed order, and a table that keeps what it is given. */
function makeRun({ kept = [], ...overrides }: Partial<WorkTable> & { kept?: Kept[] } = {}) {
  const did: unknown[] = [];
  const claimed = aStoredOrder({ status: "PROCESSING" }, { attempt: 2, kept });
  const write = (what: string) => (seen: StoredOrder, each: Kept) => {
    did.push([what, each]);
    return Promise.resolve({ ok: true, stored: { ...seen, kept: [...seen.kept, each] } });
  };
  const table: WorkTable = {
    keep: write("keep"),
    wait: write("wait"),
    hasTime: () => true,
    now: () => NOW,
    ...overrides,
  };
  return {
    did,
    run: <T>(work: (work: Work) => Promise<T>, kind: "step" | "undo" = "step"): Promise<Run<T>> =>
      runWork(kind, claimed, table, work),
  };
}

const sentenceOf = (run: Run<unknown>) => (run.how === "threw" ? String(run.error) : run.how);

describe("a step", () => {
  it("runs, keeps its result, and gives it", async () => {
    const { run, did } = makeRun();
    const result = await run((work) => work.step("charge", () => Promise.resolve({ id: 7 })));
    expect(result).toMatchObject({ how: "returned", value: { id: 7 } });
    expect(did).toEqual([["keep", step("charge", { id: 7 })]]);
    expect(result.stored?.kept).toEqual([step("charge", { id: 7 })]);
  });

  it("that is kept is not run again, and gives a copy of its result", async () => {
    const { run, did } = makeRun({ kept: [step("charge", { id: 7 })] });
    const first = await run((work) =>
      work.step("charge", () => {
        did.push("ran");
        return { id: 8 };
      }),
    );
    expect(first).toMatchObject({ how: "returned", value: { id: 7 } });
    if (first.how === "returned") first.value.id = 9;
    expect(await run((work) => work.step("charge", () => ({ id: 8 })))).toMatchObject({
      value: { id: 7 },
    });
    expect(did).toEqual([]);
  });

  it("without a result is kept too", async () => {
    const { run, did } = makeRun();
    expect(await run((work) => work.step("ship", () => undefined))).toMatchObject({
      how: "returned",
      value: undefined,
    });
    expect(did).toEqual([["keep", { kind: "step", name: "ship", at }]]);
  });

  it("gives what JSON keeps, the first time and every other", async () => {
    const { run } = makeRun();
    const made = { id: 7, note: undefined };
    const result = await run((work) => work.step("charge", () => made));
    expect(result.how === "returned" && Object.keys(result.value)).toEqual(["id"]);
  });

  it("that throws rejects, can be caught, and is named where it is not", async () => {
    const { run, did } = makeRun();
    const fail = () => Promise.reject(new TypeError("declined"));
    const result = await run((work) => work.step("charge", fail));
    expect(result).toMatchObject({
      how: "threw",
      step: "charge",
      error: new TypeError("declined"),
    });
    const caught = await run(async (work) => {
      await work.step("charge", fail).catch(() => undefined);
      return work.step("charge by invoice", () => "invoice");
    });
    expect(caught).toMatchObject({ how: "returned", value: "invoice" });
    expect(did).toHaveLength(1);
  });

  it("is given an idempotency key of its own, the same in each attempt of a life", async () => {
    const { run } = makeRun();
    const result = await run(async (work) => [
      work.idempotencyKey("charge"),
      await work.step("charge", (key) => key),
      await work.step("ship", (key) => key),
    ]);
    const charge = `${ORDER_ID}/0/charge`;
    expect(result).toMatchObject({ value: [charge, charge, `${ORDER_ID}/0/ship`] });
  });
});

describe("a run that cannot go on ends, whatever the business step catches", () => {
  const stubborn = async (work: Work) => {
    try {
      await work.step("charge", () => 1);
    } catch {
      return "caught";
    } finally {
      await Promise.resolve();
    }
    await work.step("ship", () => 2);
    return "went on";
  };

  it("where another worker has the order", async () => {
    const others = aStoredOrder({ status: "PROCESSING" }, { attempt: 3 });
    const { run } = makeRun({ keep: () => Promise.resolve({ ok: false, stored: others }) });
    expect(await run(stubborn)).toEqual({ how: "stopped", stored: others });
  });

  it("where its cancellation was requested: the step that ran is kept, and no other begins", async () => {
    const { run, did } = makeRun({
      keep: (seen, kept) => {
        did.push(kept.name);
        const order = { ...seen.order, cancelRequestedAt: at };
        return Promise.resolve({ ok: true, stored: { ...seen, order, kept: [kept] } });
      },
    });
    expect(await run(stubborn)).toMatchObject({ how: "stopped", stored: { attempt: 2 } });
    expect(did).toEqual(["charge"]);
  });

  it("but the undo goes on after a request for cancellation", async () => {
    const { run, did } = makeRun({
      keep: (seen, kept) => {
        did.push(kept.name);
        const order = { ...seen.order, cancelRequestedAt: at };
        return Promise.resolve({ ok: true, stored: { ...seen, order } });
      },
    });
    expect(await run(stubborn, "undo")).toMatchObject({ how: "returned" });
    expect(did).toEqual(["charge", "ship"]);
  });

  it("where too little of the worker's time is left for a step", async () => {
    const { run, did } = makeRun({ hasTime: () => did.length === 0 });
    expect(await run(stubborn)).toMatchObject({
      how: "threw",
      step: "ship",
      error: new Error('too little of the worker\'s time is left to begin "ship"'),
    });
    expect(did).toEqual([["keep", step("charge", 1)]]);
  });

  it("and fails where the table cannot be written", async () => {
    const closed = () => Promise.reject(new Error("closed"));
    await expect(makeRun({ keep: closed }).run(stubborn)).rejects.toThrow("closed");
  });

  it("and nothing of it counts any more", async () => {
    const { run, did } = makeRun();
    let release: (value: number) => void = () => undefined;
    const slow = new Promise<number>((resolve) => (release = resolve));
    let late: Promise<unknown> = Promise.resolve();
    const result = await run(async (work) => {
      late = work.step("slow", () => slow);
      await work.step("other", () => 1);
    });
    expect(result.how).toBe("threw");
    release(7);
    await slow;
    expect(did).toEqual([]);
    const settled = await Promise.race([late, Promise.resolve("never")]);
    expect(settled).toBe("never");
  });
});

describe("a result that cannot be kept", () => {
  it.each([
    ["what JSON cannot keep", () => ({ at: new Date(0) }), "as JSON: /at is a Date"],
    ["too much", () => "x".repeat(64 * 1024), "too large to be kept"],
  ])("ends the run, and names the step: %s", async (_name, result, why) => {
    const { run, did } = makeRun();
    const ended = await run((work) => work.step("charge", result as () => unknown));
    expect(ended).toMatchObject({ how: "unkeepable", reason: expect.stringContaining(why) });
    expect(ended).toMatchObject({ reason: expect.stringContaining('"charge"') });
    expect(did).toEqual([]);
  });

  it("is one that has no room beside the others", async () => {
    const { run } = makeRun({ kept: [step("a", "x".repeat(60 * 1024))] });
    expect(await run((work) => work.step("b", () => "x".repeat(3 * 1024)))).toMatchObject({
      how: "returned",
    });
    expect(await run((work) => work.step("c", () => "x".repeat(5 * 1024)))).toMatchObject({
      how: "unkeepable",
    });
    const full = makeRun({ kept: [step("a", "x".repeat(64 * 1024 - 100))] });
    expect(await full.run((work) => work.wait("d", { days: 1 }))).toMatchObject({
      how: "unkeepable",
    });
  });
});

describe("steps and waits", () => {
  it.each<[string, (work: Work) => Promise<unknown>, string]>([
    [
      "one name twice",
      async (work) => {
        await work.step("a", () => 1);
        await work.step("a", () => 2).catch(() => undefined);
      },
      'the name "a" is used twice in one run',
    ],
    [
      "two at once",
      (work) => Promise.all([work.step("a", () => 1), work.step("b", () => 2)]),
      '"b" was begun while "a" was under way',
    ],
    [
      "a step within a step",
      (work) => work.step("a", () => work.step("b", () => 2)),
      '"b" was begun while "a" was under way',
    ],
    [
      "a wait beside a step",
      (work) => Promise.all([work.step("a", () => 1), work.wait("b", { seconds: 1 })]),
      '"b" was begun while "a" was under way',
    ],
    [
      "one that nobody awaits",
      (work) => {
        void work.step("a", () => new Promise(() => undefined));
        return Promise.resolve();
      },
      'it returned while "a" was under way',
    ],
    ["no name", (work) => work.step("", () => 1), "must have 1 to 64 characters"],
    ["a long name", (work) => work.step("x".repeat(65), () => 1), "must have 1 to 64 characters"],
    ["no time", (work) => work.wait("a", {}), 'the wait "a" has no time'],
    ["a step that is kept as a wait", (work) => work.step("w", () => 1), '"w" is kept as a wait'],
    [
      "a wait that is kept as a step",
      (work) => work.wait("s", { days: 1 }),
      '"s" is kept as a step',
    ],
  ])("fail the run, with a sentence: %s", async (_name, work, sentence) => {
    const kept = [{ kind: "wait" as const, name: "w", at, until: now }, step("s")];
    expect(sentenceOf(await makeRun({ kept }).run(work))).toContain(sentence);
  });

  it("of the undo have other names than those of the business step", async () => {
    const { run } = makeRun({ kept: [step("charge")] });
    const sentence = sentenceOf(await run((work) => work.step("charge", () => 1), "undo"));
    expect(sentence).toContain('"charge" is kept as a step, and was to be a step of the undo');
    expect((await run((work) => work.step("undo:charge", () => 1), "undo")).how).toBe("returned");
  });

  it("are given to the undo newest first, those of the business step only", () => {
    const kept = [
      step("reserve", 1),
      { kind: "wait" as const, name: "pickup", at, until: now },
      step("ship"),
      { kind: "undo" as const, name: "undo:ship", at },
    ];
    expect(keptSteps(aStoredOrder({}, { kept }))).toEqual([
      { step: "ship", at },
      { step: "reserve", at, result: 1 },
    ]);
  });
});

describe("a wait", () => {
  const until = now + 60_000;

  it("that is not over ends the run, and never settles", async () => {
    const { run, did } = makeRun();
    let settled = false;
    const result = await run((work) =>
      work.wait("pickup", { minutes: 1 }).finally(() => (settled = true)),
    );
    expect(result.how).toBe("stopped");
    expect(did).toEqual([["wait", { kind: "wait", name: "pickup", at, until }]]);
    expect(settled).toBe(false);
  });

  it("that has passed stays passed, whatever it would be now", async () => {
    const { run, did } = makeRun({ kept: [{ kind: "wait", name: "pickup", at, until: now }] });
    expect((await run((work) => work.wait("pickup", { days: 9 }))).how).toBe("returned");
    expect(did).toEqual([]);
  });

  it("keeps the end that it was given first", async () => {
    const { run, did } = makeRun({ kept: [{ kind: "wait", name: "pickup", at, until }] });
    expect((await run((work) => work.wait("pickup", { days: 9 }))).how).toBe("stopped");
    expect(did).toEqual([["wait", { kind: "wait", name: "pickup", at, until }]]);
  });

  it("whose end is in the past is kept, and passes at once", async () => {
    const { run, did } = makeRun();
    const past = new Date(now - 1);
    expect((await run((work) => work.wait("pickup", { until: past }))).how).toBe("returned");
    expect(did).toEqual([["keep", { kind: "wait", name: "pickup", at, until: now - 1 }]]);
  });
});
