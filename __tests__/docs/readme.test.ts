import { create, record, string, type } from "superstruct";
import { PAGES, read } from "./project";

const readme = read("README.md");
const { scripts } = create(
  JSON.parse(read("package.json")),
  type({ scripts: record(string(), string()) }),
);

/** What a page says to type in a shell. */
function commandsIn(page: string): string[] {
  return [...page.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = ""]) => block.split("\n"));
}

describe("the README", () => {
  it("answers a newcomer in a hundred lines", () => {
    expect(readme.split("\n").length).toBeLessThanOrEqual(101);
  });

  it("has the test command that CI runs", () => {
    const [, test = ""] = /## Tests\s+```sh\n(.*)\n```/.exec(readme) ?? [];
    expect(read(".ci/run")).toContain(`\n${test}\n`);
  });

  it("links every page of docs/", () => {
    const linked = new Set([...readme.matchAll(/\]\((docs\/[\w-]+\.md)/g)].map(([, page]) => page));
    expect([...linked].sort()).toEqual(PAGES.filter((page) => page.startsWith("docs/")).sort());
  });
});

describe("the npm scripts that pages name", () => {
  it("exist", () => {
    const named = PAGES.flatMap((page) =>
      [...commandsIn(read(page)), ...(read(page).match(/`npm run [^`]+`/g) ?? [])].flatMap((text) =>
        [...text.matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, script = ""]) => script),
      ),
    );
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
    expect(named.length).toBeGreaterThan(10);
  });
});
