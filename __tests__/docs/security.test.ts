import * as path from "node:path";
import { CASES } from "../../operations/acceptance/cases";
import { PATHS, read } from "./project";

/** Text of the test files of this name, in whichever folder. */
function testsIn(name: string): string {
  return PATHS.filter((file) => file.startsWith("__tests__/") && path.basename(file) === name)
    .map(read)
    .join("\n");
}

describe("docs/security.md", () => {
  const page = read("docs/security.md");
  const references = [...page.matchAll(/^ +- `([\w-]+\.test\.ts)` (".+")$/gm)];

  it("names tests that exist", () => {
    const missing = references
      .filter(([, name = "", title = ""]) => !testsIn(name).includes(title))
      .map(([reference]) => reference.trim());
    expect(missing).toEqual([]);
    expect(references.length).toBeGreaterThan(40);
  });

  it("names cases of the acceptance suite that exist", () => {
    const named = [...page.matchAll(/^ +- `([^`]+)` of the acceptance suite$/gm)];
    const ids = CASES.map(({ id }) => id);
    expect(named.filter(([, id = ""]) => !ids.includes(id))).toEqual([]);
    expect(named.length).toBeGreaterThan(3);
  });

  it("looks at every kind of threat on each edge", () => {
    const edges = page.split(/\n## (?=\d)/).slice(1);
    expect(edges.map((edge) => parseInt(edge, 10))).toEqual([
      1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13,
    ]);
    for (const edge of edges) {
      const [title = ""] = edge.split("\n");
      const kinds = new Set([...edge.matchAll(/\*\*([STRIDE])\*\*/g)].map(([, kind]) => kind));
      expect([title, [...kinds].sort().join("")]).toEqual([title, "DEIRST"]);
    }
  });
});
