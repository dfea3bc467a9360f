import { readFileSync } from "node:fs";
import * as path from "node:path";

/** What the runbook says of one alarm: its commands, one a line, as an operator would copy them. */
export interface RunbookSection {
  name: string;
  look: string[];
  mend: string[];
}

const RUNBOOK = path.join(__dirname, "..", "docs", "runbook.md");

/** The section with this heading. Throws where there is none, or where it has no command to look with. */
export function readSection(name: string, runbook = readFileSync(RUNBOOK, "utf8")): RunbookSection {
  const [, text] = new RegExp(`^## ${name}\\n(.*?)(?=^## |$(?![^]))`, "ms").exec(runbook) ?? [];
  if (text === undefined) throw new Error(`docs/runbook.md has no section ${name}`);
  const section = { name, look: commandsIn(text, "Look"), mend: commandsIn(text, "Mend") };
  if (section.look.length === 0)
    throw new Error(`${name} in docs/runbook.md has no command to look`);
  return section;
}

/** The lines of the code blocks below `**<part>**`, until the next part begins. */
function commandsIn(section: string, part: string): string[] {
  const [, text = ""] =
    new RegExp(`^\\*\\*${part}\\*\\*(.*?)(?=^\\*\\*|$(?![^]))`, "ms").exec(section) ?? [];
  return [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = ""]) =>
    block.split("\n").filter((line) => line !== "" && !line.startsWith("#")),
  );
}
