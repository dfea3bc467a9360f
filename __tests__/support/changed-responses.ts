import type { Client } from "../../operations/acceptance/acceptance-case";

/** Changes something in a response. */
export type Change = (answer: { status: number; headers: Headers; text: string }) => void;

export const withText =
  (pattern: RegExp, replacement: string): Change =>
  (answer) => {
    answer.text = answer.text.replace(pattern, replacement);
  };

export const without =
  (name: string): Change =>
  ({ headers }) => {
    headers.delete(name);
  };

export const withStatus =
  (to: number, from?: number): Change =>
  (answer) => {
    if (from === undefined || answer.status === from) answer.status = to;
  };

/** A client of the acceptance suite that gets changed responses. */
export function changingResponses(client: Client, change: Change): Client {
  return {
    ...client,
    async fetch(url, init) {
      const response = await client.fetch(url, init);
      const { status, headers } = response;
      const answer = { status, headers: new Headers(headers), text: await response.text() };
      change(answer);
      return new Response(answer.text, answer);
    },
  };
}
