import type { Result } from "../api";
import type { PlainRequest } from "../commands";

export interface Answer {
  /** By which its trace is found. */
  sentAt: number;
  name: string;
  milliseconds: number;
  status: number;
  headers: [string, string][];
  body: string;
}

/** To the program's own API. */
export async function send({ method, url, headers, body }: PlainRequest): Promise<Result<Answer>> {
  const sentAt = Date.now();
  try {
    const response = await fetch(url, { method, headers, ...(body && { body }) });
    const text = await response.text();
    return {
      ok: true,
      value: {
        sentAt,
        name: `${method} ${new URL(url).pathname}`,
        milliseconds: Date.now() - sentAt,
        status: response.status,
        headers: [...response.headers],
        body: text,
      },
    };
  } catch (error) {
    return { ok: false, message: `No response: ${String(error)}` };
  }
}
