import type { IncomingMessage } from "node:http";
import { CONSOLE_HEADER } from "./protocol";

/** With each response: nothing may come from elsewhere, be framed, or run that is not a file of the console's. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

export const SECURITY_HEADERS = {
  "content-security-policy": [...POLICY, "style-src 'self'", "img-src 'self'"].join("; "),
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

/** The reference page's library styles elements and has pictures in its style sheet. Scripts are as elsewhere. */
export const REFERENCE_POLICY = {
  ...SECURITY_HEADERS,
  "content-security-policy": [
    ...POLICY,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
  ].join("; "),
};

/**
 * Why a request is refused; undefined where it comes from the console's own page, or from a command on this
 * machine. Another page's browser sends its Origin, one whose name was made to mean 127.0.0.1 its Host; and no
 * form can send the header that a change needs.
 */
export function refusalOf({ method, headers, socket }: IncomingMessage): string | undefined {
  const port = socket.localPort ?? 0;
  const hosts = ["127.0.0.1", "localhost"].map((name) => `${name}:${port}`);
  if (!hosts.includes(headers.host ?? "")) return "the Host is not this machine's";
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${headers.host ?? ""}`) {
    return "the Origin is another one";
  }
  const changes = method !== "GET" && method !== "HEAD";
  return changes && headers[CONSOLE_HEADER] === undefined
    ? `a change needs the header ${CONSOLE_HEADER}`
    : undefined;
}
