import type { AcceptanceCase, Client } from "../../operations/acceptance/acceptance-case";
import { NotRun } from "../../operations/acceptance/acceptance-case";
import {
  checkYesOn,
  chooseCases,
  HELP,
  parseArguments,
} from "../../operations/acceptance/arguments";
import { CASES } from "../../operations/acceptance/cases";
import { makeClient } from "../../operations/acceptance/client";
import { KNOWN_DIFFERENCES, type Target } from "../../operations/acceptance/known-differences";
import { resultLines, summaryLine } from "../../operations/acceptance/report";
import { type Result, runCases } from "../../operations/acceptance/run";

const API = { apiUrl: "https://api.example/dev/", apiKey: "key", token: "a.b.c" };

function clientOf(respond: () => Response) {
  const paused: number[] = [];
  const client = makeClient(API, () => Promise.resolve([]), {
    fetch: () => Promise.resolve(respond()),
    pause: (milliseconds) => Promise.resolve(paused.push(milliseconds)),
  });
  return { client, paused };
}

describe("the cases", () => {
  it("have ids of their own, in groups", () => {
    const ids = CASES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z-]+\/[a-z0-9-]+$/.test(id))).toEqual([]);
  });

  it.each(CASES)("notice a deployment that gives the same to everything: $id", async ({ run }) => {
    const headers = { "Content-Type": "application/json" };
    const { client } = clientOf(() => new Response("{}", { status: 200, headers }));
    await expect(run(client)).rejects.toThrow(/: expected .*, got /s);
  });

  it("are named by each known difference", () => {
    const ids = CASES.map(({ id }) => id);
    expect(KNOWN_DIFFERENCES.filter(({ id }) => !ids.includes(id))).toEqual([]);
    expect(KNOWN_DIFFERENCES.length).toBeGreaterThan(0);
  });

  const needing = ["api-key/", "identity/", "notifications/"].flatMap((group) =>
    chooseCases(CASES, group),
  );
  it.each(needing)("send nothing without what they need: $id", async ({ run }) => {
    const { client } = clientOf(() => {
      throw new Error("sent");
    });
    const without = { ...client, apiKey: undefined, token: undefined, notifications: undefined };
    await expect(run(without)).rejects.toThrow(NotRun);
  });
});

describe("a client of the suite", () => {
  it("repeats a throttled request after longer and longer pauses", async () => {
    const statuses = [429, 503, 202];
    const { client, paused } = clientOf(
      () => new Response("", { status: statuses.shift() ?? 500 }),
    );
    expect((await client.fetch(API.apiUrl)).status).toBe(202);
    expect(paused).toEqual([500, 1000]);
  });

  it("gives up a request that is throttled for good", async () => {
    const { client, paused } = clientOf(() => new Response("quota", { status: 429 }));
    const response = await client.fetch(API.apiUrl);
    expect([response.status, await response.text()]).toEqual([429, "quota"]);
    expect(paused).toHaveLength(5);
  });
});

describe("a run", () => {
  const aCase = (id: string, run: (client: Client) => Promise<void>): AcceptanceCase => ({
    id,
    title: "it is so",
    run,
  });
  const passing = aCase("a/passing", () => Promise.resolve());
  const failing = aCase("a/failing", () =>
    Promise.reject(new TypeError("fetch failed", { cause: new Error("closed") })),
  );
  const notRun = aCase("a/not-run", () => Promise.reject(new NotRun("no key")));

  async function outcomes(cases: AcceptanceCase[], target: Target = "AWS", isStopped = false) {
    const reported: Result[] = [];
    const knownDifferences = [
      { id: "a/failing", on: "the laptop" as const, reason: "it has none" },
      { id: "a/passing", on: "the laptop" as const, reason: "it has none" },
    ];
    const results = await runCases(cases, clientOf(() => new Response()).client, {
      target,
      knownDifferences,
      isStopped: () => isStopped,
      onResult: (result) => void reported.push(result),
    });
    expect(reported).toEqual(results);
    return results.map(({ outcome, detail }) => [outcome, detail]);
  }

  it("reports what passed, what failed and how, and what was not run and why", async () => {
    expect(await outcomes([passing, failing, notRun])).toEqual([
      ["passed", undefined],
      ["failed", "fetch failed: closed"],
      ["not run", "no key"],
    ]);
  });

  it("reports a difference as known on the target that it is known of, and a stale one", async () => {
    expect(await outcomes([failing, passing], "the laptop")).toEqual([
      ["different as known", "it has none (fetch failed: closed)"],
      ["passed", "although known to be different: it has none"],
    ]);
  });

  it("does not run what is left when it is stopped", async () => {
    expect(await outcomes([failing], "AWS", true)).toEqual([["not run", "stopped"]]);
  });

  it("is printed with a line for each case, its detail below, and the counts", () => {
    const result = { id: "a/b", title: "it is so", milliseconds: 12 };
    const failed: Result = { ...result, outcome: "failed", detail: "expected 1, got 2" };
    expect(resultLines(failed)).toEqual([
      "failed              a/b: it is so (12 ms)",
      "                    expected 1, got 2",
    ]);
    expect(summaryLine([failed, { ...result, outcome: "passed" }])).toBe(
      "2 cases: 1 passed, 1 failed, 0 not run, 0 different as known",
    );
  });
});

describe("its arguments", () => {
  it("name a stack, and what is to be run", () => {
    expect(parseArguments(["--yes-on", "dev"])).toEqual({
      help: false,
      names: { kind: "stack", stack: "dev" },
      yesOn: "dev",
      only: "",
      withNotifications: true,
      json: false,
    });
    const others = ["--endpoint", "http://127.0.0.1:3000/", "--only", "keys/"];
    expect(parseArguments([...others, "--no-notifications", "--json"])).toMatchObject({
      names: { kind: "laptop", endpoint: "http://127.0.0.1:3000" },
      yesOn: undefined,
      only: "keys/",
      withNotifications: false,
      json: true,
    });
  });

  it("are each in the help", () => {
    const options = ["stack", "endpoint", "outputs", "yes-on", "only", "no-notifications", "json"];
    expect(options.filter((option) => !HELP.includes(`--${option}`))).toEqual([]);
    expect(HELP).toContain("ORDERS_TOKEN");
  });

  it("are refused when there is no such option", () => {
    expect(() => parseArguments(["--yes"])).toThrow("--yes");
  });

  it("allow no other stack than the one that was named", () => {
    expect(() => checkYesOn("prod", undefined)).toThrow(
      "this makes real orders on the stack prod: --yes-on prod allows it",
    );
    expect(() => checkYesOn("prod", "dev")).toThrow(
      "this makes real orders on the stack prod: --yes-on dev is another one, --yes-on prod allows it",
    );
    expect(() => checkYesOn("dev", "dev")).not.toThrow();
  });

  it("choose the cases whose ids begin so", () => {
    expect(chooseCases(CASES, "cancel/").map(({ id }) => id.split("/")[0])).toContain("cancel");
    expect(() => chooseCases(CASES, "nothing/")).toThrow(
      "there is no case whose id begins with nothing/",
    );
  });
});
