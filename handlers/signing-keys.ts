import type { Jwks } from "aws-jwt-verify/jwk";
import type { Telemetry } from "./telemetry";

/** The public keys of an issuer, as this execution environment knows them. */
export interface SigningKeys {
  /** Throws where there are none, or only ones that are too old. */
  current(): Promise<Jwks>;
  /** Fetched anew, for a token whose key is unknown; undefined where that was done just now. */
  newer(): Promise<Jwks | undefined>;
}

export interface SigningKeysDeps extends Pick<Telemetry, "log"> {
  fetchKeys(): Promise<Jwks>;
  now(): Date;
}

/** A key that the issuer has withdrawn is good for so long at most, while the issuer can be reached. */
export const REFRESH_SECONDS = 600;
/** And for so long while it cannot: about the time in which tokens expire, too. */
export const MAX_AGE_SECONDS = 3600;
/** After a refresh that failed. */
export const RETRY_SECONDS = 60;
/** Between two fetches, whatever tokens come: unknown keys are cheap to make up. */
export const MIN_SECONDS_BETWEEN_FETCHES = 10;

/** Logged once for each fetch that fails; the doctor looks for it. */
export const NO_SIGNING_KEYS = "the issuer's signing keys cannot be had";

export function makeSigningKeys(deps: SigningKeysDeps): SigningKeys {
  let known: { keys: Jwks; at: number } | undefined;
  let lastFetch = { at: -Infinity, failed: false };
  const isWithin = (seconds: number, at: number) => deps.now().getTime() - at < seconds * 1000;

  async function fetchNow(): Promise<Jwks> {
    const at = deps.now().getTime();
    try {
      lastFetch = { at, failed: true };
      known = { keys: await deps.fetchKeys(), at };
      lastFetch.failed = false;
      return known.keys;
    } catch (error) {
      deps.log.error(NO_SIGNING_KEYS, error, {});
      throw error;
    }
  }

  async function refreshed({ keys, at }: { keys: Jwks; at: number }): Promise<Jwks> {
    if (isWithin(RETRY_SECONDS, lastFetch.at)) return keys;
    return fetchNow().catch((error: unknown) => {
      if (isWithin(MAX_AGE_SECONDS, at)) return keys;
      throw error;
    });
  }

  function refuseToFetch(): void {
    if (lastFetch.failed) throw new Error("the issuer's signing keys could not be had just now");
  }

  return {
    async current() {
      if (known && isWithin(REFRESH_SECONDS, known.at)) return known.keys;
      if (known && isWithin(MAX_AGE_SECONDS, known.at)) return refreshed(known);
      if (isWithin(MIN_SECONDS_BETWEEN_FETCHES, lastFetch.at)) refuseToFetch();
      return fetchNow();
    },
    async newer() {
      if (!isWithin(MIN_SECONDS_BETWEEN_FETCHES, lastFetch.at)) return fetchNow();
      refuseToFetch();
      return undefined;
    },
  };
}
