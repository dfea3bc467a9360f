import { setTimeout } from "node:timers/promises";
import type { Client } from "./acceptance-case";

const MAX_TRIES = 6;
const FIRST_PAUSE_MILLISECONDS = 500;
const REQUEST_MILLISECONDS = 60_000;

export interface ClientDeps {
  fetch: typeof fetch;
  pause(milliseconds: number): Promise<unknown>;
}

/** Of the statuses that docs/api.md says to repeat, those that a healthy stack has under load. */
const BUSY = [429, 503];

/**
 * A client that repeats a request of these statuses after longer and longer pauses; to the last of them (a
 * quota that is used up), it gives the response as it is.
 */
export function makeClient(
  target: Pick<Client, "apiUrl" | "apiKey" | "token">,
  notifications?: Client["notifications"],
  deps: ClientDeps = { fetch, pause: setTimeout },
): Client {
  return {
    ...target,
    notifications,
    async fetch(url, init) {
      for (let tries = 1; ; tries += 1) {
        const signal = AbortSignal.timeout(REQUEST_MILLISECONDS);
        const response = await deps.fetch(url, { ...init, signal });
        if (!BUSY.includes(response.status) || tries === MAX_TRIES) return response;
        await response.body?.cancel();
        await deps.pause(FIRST_PAUSE_MILLISECONDS * 2 ** (tries - 1));
      }
    },
  };
}
