import { readFileSync } from "node:fs";
import * as path from "node:path";
import { INCIDENTS } from "../../rehearsal/incidents";
import { readSection } from "../../rehearsal/runbook";

const RUNBOOK = readFileSync(path.join(__dirname, "..", "..", "docs", "runbook.md"), "utf8");

const page = `# Runbook

## first-alarm

**Look**:

\`\`\`sh
npm run doctor -- --stack dev
# a remark
npm run logs -- --stack dev --match "a"
\`\`\`

Text.

**Mend**: it ends by itself.

**It is over when** it is.

\`\`\`sh
not a cure
\`\`\`

## second-alarm

**Look**:

**Mend**:

\`\`\`sh
pulumi up --stack dev
\`\`\`
`;

describe("a section of the runbook", () => {
  it("has the commands of its own blocks, by what they are for", () => {
    expect(readSection("first-alarm", page)).toEqual({
      name: "first-alarm",
      look: ["npm run doctor -- --stack dev", 'npm run logs -- --stack dev --match "a"'],
      mend: [],
    });
  });

  it("is refused where it is missing, or has nothing to look with", () => {
    expect(() => readSection("third-alarm", page)).toThrow("has no section third-alarm");
    expect(() => readSection("second-alarm", page)).toThrow("has no command to look");
  });
});

describe("the incidents", () => {
  it("rehearse every section that an alarm leads to", () => {
    const [, alarms = ""] = /## From alarm to section\n(.*?)\n## /s.exec(RUNBOOK) ?? [];
    const sections = [...alarms.matchAll(/\]\(#([\w-]+)\)/g)].map(([, name]) => name);
    const rehearsed = INCIDENTS.flatMap(({ alarm, sections: followed = [alarm] }) => followed);
    expect(sections.length).toBeGreaterThan(10);
    expect([...new Set(rehearsed)].sort()).toEqual([...new Set(sections)].sort());
  });

  it.each(INCIDENTS.map(({ name, alarm, sections = [alarm] }) => ({ name, sections })))(
    "$name follows sections that the runbook has",
    ({ sections }) => {
      for (const section of sections) {
        expect(readSection(section).look).not.toEqual([]);
      }
    },
  );
});
