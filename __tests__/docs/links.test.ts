import * as path from "node:path";
import { PAGES, PATHS, read } from "./project";

/** `](to)` and `[name]: to`, without those that lead out of the project. */
function linksIn(page: string): string[] {
  const links = [...read(page).matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)];
  return links
    .map(([, inline, reference]) => inline ?? reference ?? "")
    .filter((link) => !/^[a-z]+:/.test(link));
}

/** As GitHub makes them of headings. */
function anchorsOf(page: string): string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-"),
  );
}

function isBroken(page: string, link: string): boolean {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? page : path.join(path.dirname(page), file);
  if (!PATHS.includes(target.replace(/\/$/, ""))) return true;
  return anchor !== undefined && !anchorsOf(target).includes(anchor);
}

/** What stands in backticks and looks like a file or folder of this project. */
function pathsIn(page: string): string[] {
  const text = read(page).replaceAll(/```[\s\S]*?```/g, "");
  const quoted = [...text.matchAll(/`((?!\.\.)[\w.-]+(?:\/[\w.-]+)*\/?)`/g)].map(
    ([, name = ""]) => name,
  );
  const isFile = (name: string) => /\.(?:ts|mjs|md|json|yaml)$/.test(name);
  const isInFolder = (name: string) =>
    PATHS.includes(name.split("/")[0] ?? "") && name.includes("/");
  return quoted.filter((name) => isFile(name) || isInFolder(name));
}

/** From the root, with or without its ending, from the page's own folder, or the bare name of a file. */
function exists(page: string, name: string): boolean {
  const file = name.replace(/\/$/, "");
  return (
    PATHS.includes(file) ||
    PATHS.includes(`${file}.ts`) ||
    PATHS.includes(path.join(path.dirname(page), file)) ||
    PATHS.some((each) => path.basename(each) === file)
  );
}

// Which files there once were is for a changelog to say.
describe.each(PAGES.filter((page) => page !== "CHANGELOG.md"))("%s", (page) => {
  it("has links that lead somewhere", () => {
    expect(linksIn(page).filter((link) => isBroken(page, link))).toEqual([]);
  });

  it("names files and folders that exist", () => {
    expect(pathsIn(page).filter((name) => !exists(page, name))).toEqual([]);
  });
});
