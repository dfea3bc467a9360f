import type { Finding, Section, Verdict } from "./findings";

const TITLE_COLUMN = "functions".length;
const LEVEL_COLUMN = "warning".length;

/** The verdict, then what to do, then what was seen. */
export function reportLines({ text }: Verdict, sections: Section[]): string[] {
  const todos = todoLines(sections.flatMap(({ findings }) => findings));
  const seen = sections.flatMap(({ title, findings }) =>
    findings.map((finding, i) => seenLine(i === 0 ? title : "", finding)),
  );
  return [text, ...(todos.length > 0 ? ["", "What to do", ...todos] : []), "", ...seen];
}

/** Each section of the runbook once, below what is bad in it; what only warns of the same is seen below. */
function todoLines(findings: Finding[]): string[] {
  const sections = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = finding.runbook ?? finding.todo;
    if (key !== undefined) sections.set(key, [...(sections.get(key) ?? []), finding]);
  }
  return [...sections.values()].flatMap((section) => {
    const bad = section.filter(({ level }) => level === "bad");
    const texts = (bad.length > 0 ? bad : section).map(({ text }) => `  ${text}`);
    const todos = section.flatMap(({ todo }) => todo ?? []);
    const pages = section.flatMap(({ runbook }) => (runbook ? `docs/runbook.md#${runbook}` : []));
    return [...texts, ...[...new Set([...todos, ...pages])].map((way) => `    ${way}`)];
  });
}

function seenLine(title: string, { level, text }: Finding): string {
  return [title.padEnd(TITLE_COLUMN), level.padEnd(LEVEL_COLUMN), text].join("  ");
}
