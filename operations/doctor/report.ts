import type { Finding, Section, Verdict } from "./findings";

const TITLE_COLUMN = "functions".length;
const LEVEL_COLUMN = "warning".length;

/** The verdict, then what to do, then what was seen. */
export function reportLines({ text }: Verdict, sections: Section[]): string[] {
  const todos = sections.flatMap(({ findings }) => findings.flatMap(todoLines));
  const seen = sections.flatMap(({ title, findings }) =>
    findings.map((finding, i) => seenLine(i === 0 ? title : "", finding)),
  );
  return [text, ...(todos.length > 0 ? ["", "What to do", ...todos] : []), "", ...seen];
}

function todoLines({ level, text, todo, runbook }: Finding): string[] {
  const ways = [todo, runbook && `docs/runbook.md#${runbook}`].filter((way) => way !== undefined);
  const isNeeded = level === "bad" || level === "warning" || todo !== undefined;
  return isNeeded && ways.length > 0 ? [`  ${text}`, ...ways.map((way) => `    ${way}`)] : [];
}

function seenLine(title: string, { level, text }: Finding): string {
  return [title.padEnd(TITLE_COLUMN), level.padEnd(LEVEL_COLUMN), text].join("  ");
}
