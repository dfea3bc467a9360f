import type { OnEvent } from "./events";
import type { Issuer } from "./issuer/issuer";

/**
 * What functions fetch → the local URL that is fetched in its place. A key is a URL, and all that is below it
 * ("https://idp.example.com" has "https://idp.example.com/keys"); the longest key counts.
 */
export type StandIns = Readonly<Record<string, string>>;

/** Given stand-ins, and the laptop's own issuer where none of them has its place. */
export function standInsOf(
  issuer: Pick<Issuer, "name" | "standIns"> | undefined,
  gatewayUrl: string,
  given: StandIns,
  onEvent: OnEvent,
): StandIns {
  if (!issuer) return given;
  const isGiven = (url: string) => Object.keys(given).some((key) => isBelow(url, key));
  const own = Object.entries(issuer.standIns(gatewayUrl)).filter(([url]) => !isGiven(url));
  if (!isGiven(issuer.name)) onEvent({ kind: "issuer", issuer: issuer.name });
  return { ...Object.fromEntries(own), ...given };
}

function isBelow(url: string, key: string): boolean {
  const prefix = key.replace(/\/$/, "");
  return url.replace(/\/$/, "") === prefix || url.startsWith(`${prefix}/`);
}
