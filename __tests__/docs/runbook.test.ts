import { DEFAULTS } from "../../infra/config";
import { type Evaluated, evaluateWithoutArchives } from "../support/aws-mocks";
import { alarmsOf } from "../support/registered-metrics";
import { read, rowsOf } from "./project";

const PARTS = ["What customers notice", "Look", "Mend", "It is over when", "Wake"];
const INTRODUCTION = ["Before anything else", "From alarm to section"];
/** Comes to the alarms' subscribers, but from AWS Budgets. */
const NO_ALARM = ["budget"];

const page = read("docs/runbook.md");
const sections = page
  .split(/^## /m)
  .slice(1)
  .map((text) => ({ name: text.split("\n", 1)[0] ?? "", text }))
  .filter(({ name }) => !INTRODUCTION.includes(name));

let program: Evaluated;

beforeAll(async () => {
  program = await evaluateWithoutArchives({
    "order-processing:accessLogs": true,
    "order-processing:auth": { issuer: "https://issuer.example.com/", audience: "orders" },
  });
});

function sectionOf(description: string): string {
  return description.split("#").at(-1) ?? "";
}

/** The commands of a text's blocks, one a line. */
function commandsIn(text: string): string[] {
  const blocks = [...text.matchAll(/^```sh\n([^`]*)^```/gm)];
  return blocks.flatMap(([, lines = ""]) => lines.split("\n")).filter((line) => line !== "");
}

function partOf(text: string, part: string): string {
  const next = PARTS[PARTS.indexOf(part) + 1];
  return text.split(`**${part}**`)[1]?.split(`**${next ?? ""}**`)[0] ?? "";
}

describe("docs/runbook.md", () => {
  it("has a section for each alarm, and no other", () => {
    const linked = Object.values(alarmsOf(program)).map(({ alarmDescription }) =>
      sectionOf(alarmDescription),
    );
    const names = sections.map(({ name }) => name).filter((name) => !NO_ALARM.includes(name));
    expect(names.sort()).toEqual([...new Set(linked)].sort());
  });

  it("leads from each alarm to the section that its description links", () => {
    const rows = rowsOf(page, "alarm", "section").flatMap(([alarms = "", section = ""]) =>
      [...alarms.matchAll(/`([a-z-]+)`/g)].map(([, name = ""]) => [
        name,
        /^\[([a-z-]+)\]\(#\1\)$/.exec(section)?.[1],
      ]),
    );
    const linked = Object.entries(alarmsOf(program)).map(([name, { alarmDescription }]) => [
      name,
      sectionOf(alarmDescription),
    ]);
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(linked));
  });

  it.each(sections)(
    "$name says what customers notice, how to look, mend, and when to stop",
    (section) => {
      const { text } = section;
      const found = PARTS.map((part) => text.indexOf(`**${part}**`));
      expect(found).toEqual([...found].sort((a, b) => a - b));
      expect(found).not.toContain(-1);
      for (const part of ["Look", "Mend"]) {
        expect(commandsIn(partOf(text, part))).not.toEqual([]);
      }
    },
  );

  // That the scripts exist is for readme.test.ts.
  it("runs npm scripts on a stack that can be replaced", () => {
    const ran = [...page.matchAll(/npm run [^\n`]*/g)].map(([command]) => command);
    expect(ran.length).toBeGreaterThan(20);
    expect(ran.filter((command) => !/^npm run [\w:]+ -- --stack dev\b/.test(command))).toEqual([]);
  });

  it("sets only config keys that exist, to values that they take", () => {
    const settings = [...page.matchAll(/config set .*'order-processing:(\w+)\.(\w+)' (\S+)/g)];
    expect(settings.length).toBeGreaterThan(4);
    for (const [, group = "", key = "", value] of settings) {
      expect(DEFAULTS).toHaveProperty([group, key], expect.any(Number));
      expect(Number(value)).toBeGreaterThan(0);
    }
  });

  it("names only stack outputs that exist", () => {
    const named = [...page.matchAll(/pulumi stack output (\w+)/g)].map(([, name = ""]) => name);
    expect(named.length).toBeGreaterThan(2);
    for (const name of named) expect(program.outputs).toHaveProperty(name);
  });
});
