import { readdirSync } from "node:fs";
import * as path from "node:path";
import { CONCURRENT_INVOCATIONS } from "../../laptop/apigateway/integration";
import { HELP } from "../../laptop/arguments";
import { KNOWN_METRICS } from "../../laptop/cloudwatch/known-metrics";
import { MAX_LOG_EVENTS } from "../../laptop/cloudwatch/log-groups";
import { MAX_LINES } from "../../laptop/console/activity";
import { CONSOLE, CONSOLE_HEADER } from "../../laptop/console/protocol";
import { FAULT_KINDS } from "../../laptop/endpoint/fault-injection";
import { makeProviders, type Services } from "../../laptop/providers";
import { MAX_ITEMS, MAX_WRITES } from "../../laptop/traces/items";
import { MAX_MESSAGES } from "../../laptop/traces/messages";
import { MAX_SPANS, MAX_TRACES } from "../../laptop/traces/traces";
import { read, rowsOf } from "./project";

/** Providers keep their services for later: none of them is used where only the lists are read. */
const services = new Proxy({}, { get: () => ({}) }) as Services;

describe("docs/laptop.md", () => {
  const page = read("docs/laptop.md");
  const firstCells = (...columns: string[]) =>
    rowsOf(page, ...columns).map(([cell = ""]) => cell.replaceAll("`", ""));

  it("has the options of npm start", () => {
    const options = HELP.split("\n")
      .filter((line) => line.startsWith("  --"))
      .map((line) => line.trim().split("  ")[0]);
    expect(firstCells("option", "what")).toEqual(options);
  });

  it("has what the console remembers", () => {
    const bounds = rowsOf(page, "what", "how many").map(([, bound = ""]) => bound);
    const known = [MAX_TRACES, MAX_SPANS, MAX_ITEMS, MAX_WRITES, MAX_MESSAGES, MAX_LINES];
    expect(bounds).toEqual(known.map((bound) => bound.toLocaleString("en")));
  });

  it("has the console's path and header, and a text for each picture", () => {
    expect(page).toContain(`http://127.0.0.1:3000${CONSOLE}/api\n`);
    const changes = [...page.matchAll(/^curl -X .*$/gm)].map(([command]) => command);
    expect(changes.length).toBeGreaterThan(2);
    expect(changes.filter((each) => !each.includes(`-H '${CONSOLE_HEADER}: 1'`))).toEqual([]);
    const pictures = [...page.matchAll(/!\[(.*)\]\((images\/.*)\)/g)];
    expect(pictures.map(([, , file]) => file).sort()).toEqual(
      readdirSync(path.join(__dirname, "../../docs/images")).map((name) => `images/${name}`),
    );
    expect(pictures.filter(([, text = ""]) => text.length < 20)).toEqual([]);
  });

  it("has the kinds of faults", () => {
    expect(firstCells("fault", "what happens")).toEqual(FAULT_KINDS);
  });

  it("has the number of concurrent invocations", () => {
    expect(page).toContain(`of ${CONCURRENT_INVOCATIONS} concurrent API requests`);
  });

  it("has the number of log entries", () => {
    expect(page).toContain(`to ${MAX_LOG_EVENTS.toLocaleString("en")} entries`);
  });

  it("has the metrics, with their dimensions", () => {
    const cells = rowsOf(page, "namespace", "metrics", "dimensions").slice(1);
    const listed = cells.flatMap(([namespace = "", names = "", sets = ""]) =>
      (names.match(/\w+/g) ?? []).map((name) => [
        namespace.replaceAll("`", ""),
        name,
        sets.split(";").map((set) => set.match(/\w+/g)),
      ]),
    );
    const known = Object.entries(KNOWN_METRICS).flatMap(([namespace, metrics]) =>
      Object.entries<unknown>(metrics).map(([name, sets]) => [namespace, name, sets]),
    );
    expect(listed).toEqual(known);
  });

  it("has what is without effect, and what is refused, of every resource type", () => {
    const names = (cell = "") => (cell.match(/\w+/g) ?? []).sort();
    const listed = rowsOf(page, "type", "without effect", "refused").map(
      ([type = "", withoutEffect, refused]) => ({
        type: type.replaceAll("`", ""),
        withoutEffect: names(withoutEffect),
        refused: names(refused),
      }),
    );
    const known = Object.entries(makeProviders(services)).map(
      ([type, { withoutEffect, refused }]) => ({
        type,
        withoutEffect: [...withoutEffect].sort(),
        refused: Object.keys(refused).sort(),
      }),
    );
    expect(listed).toEqual(known);
  });
});
