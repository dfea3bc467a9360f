/** `unseen`: it could not be looked at, and the text says why. */
export type Level = "ok" | "warning" | "bad" | "unseen";

export interface Finding {
  level: Level;
  text: string;
  /** A command, or what else a person does about it. */
  todo?: string;
  /** A section of docs/runbook.md. */
  runbook?: string;
  /** Where it is unseen, there is no verdict. */
  isEssential?: true;
}

export interface Section {
  title: string;
  findings: Finding[];
}

export interface Verdict {
  verdict: "well" | "not well" | "cannot tell";
  /** One line. */
  text: string;
}

/** Of the command: by verdict. */
export const EXIT_CODES = { well: 0, "not well": 1, "cannot tell": 2 } as const;

/** Bad is what has been seen to be; well only what has been seen where it is essential. */
export function verdictOf(sections: Section[]): Verdict {
  const all = sections.flatMap(({ findings }) => findings);
  const [worst, ...more] = all.filter(({ level }) => level === "bad");
  if (worst) {
    const others = more.length === 0 ? "" : ` (and ${more.length} more)`;
    return { verdict: "not well", text: `not well: ${worst.text}${others}` };
  }
  const unseen = all.find(({ level, isEssential }) => level === "unseen" && isEssential);
  if (unseen) return { verdict: "cannot tell", text: `cannot tell: ${unseen.text}` };
  const counted = [numberOf(all, "warning"), numberOf(all, "unseen")].filter((each) => each !== "");
  return { verdict: "well", text: ["well", ...counted].join(", ") };
}

function numberOf(findings: Finding[], level: "warning" | "unseen"): string {
  const count = findings.filter((each) => each.level === level).length;
  if (count === 0) return "";
  if (level === "warning") return count === 1 ? "1 warning" : `${count} warnings`;
  return `${count} not seen`;
}
