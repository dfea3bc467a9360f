import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";

const PROJECT = path.join(__dirname, "..");
const read = (...names: string[]) => readFileSync(path.join(PROJECT, ...names), "utf8");

/** Text of the test files of this name, in whichever folder. */
function testsIn(name: string): string {
  return readdirSync(__dirname, { recursive: true, encoding: "utf8" })
    .filter((file) => path.basename(file) === name)
    .map((file) => read("__tests__", file))
    .join("\n");
}

describe("docs/security.md", () => {
  const text = read("docs", "security.md").replaceAll(/\s+/g, " ");
  const references = [...text.matchAll(/`([\w-]+\.test\.ts)`((?:,? "[^"]+")*)/g)];

  it("names tests that there are", () => {
    const missing = references.flatMap(([, name = "", titles = ""]) => {
      const tests = testsIn(name);
      const quoted = [...titles.matchAll(/"[^"]+"/g)].map(([title]) => title);
      return [tests === "" ? name : [], quoted.filter((title) => !tests.includes(title))].flat();
    });
    expect(missing).toEqual([]);
    expect(references.length).toBeGreaterThan(40);
  });

  it("looks at every kind of threat on each edge", () => {
    const edges = text.split(/ ## (?=\d)/).slice(1);
    expect(edges.map((edge) => parseInt(edge, 10))).toEqual([1, 2, 3, 4, 6, 8, 9, 10, 11]);
    for (const edge of edges) {
      const [title = ""] = edge.split("|");
      const kinds = new Set([...edge.matchAll(/\*\*([STRIDE])\*\*/g)].map(([, kind]) => kind));
      expect([title, [...kinds].sort().join("")]).toEqual([title, "DEIRST"]);
    }
  });
});
