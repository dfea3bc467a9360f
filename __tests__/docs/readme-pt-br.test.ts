import { read } from "./project";

/** What each links, and the other does not. */
const EACH_OTHER = ["README.md", "README.pt-BR.md"];

/** A page's parts, each from its heading on. Of a heading only its level is the same in every language. */
function sectionsOf(file: string): string[] {
  return read(file)
    .split(/^(?=#+ )/m)
    .map((section) => section.replace(/^(#+) .+/, "$1"));
}

function blocksIn(section: string): string[] {
  return (section.match(/^```[\s\S]*?^```/gm) ?? []).map((block) =>
    block.startsWith("```mermaid") ? withoutLabels(block) : block,
  );
}

/** A diagram's nodes and arrows, and of what is written on them only what is in capitals. */
function withoutLabels(diagram: string): string {
  return diagram
    .replaceAll(/(--|-\.) "?[a-z][^>]+ (-->|\.->)/g, "$1 $2")
    .replaceAll(/\(\[[^[\]]+\]\)|\(\([^()]+\)\)/g, "");
}

function proseOf(section: string): string {
  return section.replaceAll(/^```[\s\S]*?^```/gm, "");
}

function linksIn(section: string): string[] {
  return [...proseOf(section).matchAll(/\]\(([^)]+)\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => !EACH_OTHER.includes(link));
}

function codeIn(section: string): string[] {
  return (proseOf(section).match(/`[^`]+`/g) ?? []).sort();
}

/** Without the signs between their digits: 1,565,885 is 1.565.885 in Portuguese. */
function figuresIn(text: string): string[] {
  const figures = proseOf(text).match(/\d+(?:[.,]\d+)*/g) ?? [];
  return figures.map((figure) => figure.replaceAll(/[.,]/g, "")).sort();
}

/** What a table's rows have in every language: the first cell, but for the head's, and the figures of each cell. */
function rowsIn(section: string): unknown[] {
  const rows = proseOf(section)
    .split("\n")
    .filter((line) => line.startsWith("| "));
  return rows.map((row, i) => {
    const [, first = "", ...others] = row.split("|").map((cell) => cell.trim());
    return [i === 0 ? "" : first.replaceAll(/-+/g, "-"), others.map(figuresIn)];
  });
}

/** `capitals`: the states of an order, and the like. */
function shapeOf(section: string) {
  const prose = proseOf(section);
  return {
    level: /^#*/.exec(section)?.[0],
    bullets: prose.match(/^- /gm)?.length ?? 0,
    capitals: [...new Set(prose.match(/\b[A-Z]{5,}\b/g))].sort(),
  };
}

describe("README.pt-BR.md", () => {
  const english = sectionsOf("README.md");
  const portuguese = sectionsOf("README.pt-BR.md");

  it("has the headings, lists and states of README.md", () => {
    expect(portuguese.map(shapeOf)).toEqual(english.map(shapeOf));
  });

  it.each([
    ["code blocks", blocksIn],
    ["names in code", codeIn],
    ["links", linksIn],
    ["tables, by their commands and figures", rowsIn],
    ["figures", figuresIn],
  ])("has its %s", (_what, partsOf) => {
    expect(english.flatMap(partsOf).length).toBeGreaterThan(4);
    expect(portuguese.map(partsOf)).toEqual(english.map(partsOf));
  });

  it("is a hundred lines long at most", () => {
    expect(read("README.pt-BR.md").split("\n").length).toBeLessThanOrEqual(101);
  });

  it("is linked from README.md, and links it", () => {
    expect(read("README.md")).toContain("](README.pt-BR.md)");
    expect(read("README.pt-BR.md")).toContain("](README.md)");
  });
});
