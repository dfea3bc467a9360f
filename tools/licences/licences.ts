import type { LockedPackage } from "./lock-file";

/** SPDX's names of the licences that a production dependency may have: permissive ones. */
const ALLOWED = [
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC-BY-3.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "Python-2.0",
];

/** By name and version: the licences of packages that tell it in their LICENSE file only. */
export const READ_IN_LICENSE_FILE: Readonly<Record<string, string>> = {
  "@logdna/tail-file@2.2.0": "MIT",
};

export function isProduction({ dev }: LockedPackage): boolean {
  return dev !== true;
}

export function licenceOf({ name, version, license }: LockedPackage): string {
  return READ_IN_LICENSE_FILE[`${name}@${version}`] ?? license ?? "none";
}

/** Whether an SPDX expression, such as `(MIT OR GPL-3.0-only)`, leaves us an allowed licence. */
export function isAllowed(expression: string): boolean {
  const flat = expression.replace(/\(([^()]*)\)/g, (_, inner: string) =>
    isAllowed(inner) ? "MIT" : "none",
  );
  if (flat !== expression) return isAllowed(flat);
  return flat
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((name) => ALLOWED.includes(name)));
}

/** What docs/licences.md has to be. `bundled`: where the packages in the functions' archives are installed. */
export function licencesPage(packages: LockedPackage[], bundled: string[]): string {
  const production = packages.filter(isProduction);
  const shipped = production.filter(({ path }) => bundled.includes(path));
  const others = production.filter(({ path }) => !bundled.includes(path));
  return `# Licences of the production dependencies

These are the ${production.length} packages that the dependencies in package.json bring. Only ${shipped.length} of them reach Lambda, and
of those only what the functions use: esbuild makes one file of each function, of the project's own code
and theirs. The others stay where you deploy. The archives hold no licence texts: whoever passes one on
adds them.

Allowed are ${ALLOWED.join(", ")}.

\`npm run licences\` writes this page from package-lock.json; tests check that it is up to date, that
each licence is allowed, and against the real archives what is in them.

## In the functions' archives

${byLicence(shipped)}

## Not in the functions' archives

${byLicence(others)}
`;
}

function byLicence(packages: LockedPackage[]): string {
  const licences = [...new Set(packages.map(licenceOf))].sort();
  const sections = licences.map((licence) => {
    const lines = packages.filter((each) => licenceOf(each) === licence).map(line);
    return `### ${licence}\n\n${[...new Set(lines)].sort().join("\n")}`;
  });
  return sections.join("\n\n");
}

function line({ name, version }: LockedPackage): string {
  const note = `${name}@${version}` in READ_IN_LICENSE_FILE ? " (read in its LICENSE file)" : "";
  return `- \`${name}\` ${version}${note}`;
}
