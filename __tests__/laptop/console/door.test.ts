import type { IncomingMessage } from "node:http";
import { REFERENCE_POLICY, refusalOf, SECURITY_HEADERS } from "../../../laptop/console/door";

function aRequest(method: string, headers: Record<string, string | undefined>): IncomingMessage {
  const request = { method, headers, socket: { localPort: 3000 } };
  return request as Partial<IncomingMessage> as IncomingMessage;
}

const host = "127.0.0.1:3000";
const asked = { "x-laptop-console": "1" };

describe("the console's door", () => {
  it.each([
    ["GET", { host }],
    ["GET", { host: "localhost:3000" }],
    ["GET", { host, origin: `http://${host}` }],
    ["POST", { host, ...asked }],
    ["DELETE", { host, origin: `http://${host}`, ...asked }],
  ])("lets in what this machine asks for: %s %j", (method, headers) => {
    expect(refusalOf(aRequest(method, headers))).toBeUndefined();
  });

  it.each([
    undefined,
    "",
    "127.0.0.1",
    "127.0.0.1:3001",
    "console.example.com:3000",
    "127.0.0.1.example.com:3000",
  ])("refuses a name that somebody has made to mean 127.0.0.1: Host %j", (foreign) => {
    expect(refusalOf(aRequest("GET", { host: foreign }))).toContain("Host");
    expect(refusalOf(aRequest("POST", { host: foreign, ...asked }))).toContain("Host");
  });

  it.each([
    "null",
    "http://127.0.0.1:3001",
    "https://127.0.0.1:3000",
    "http://localhost:3000",
    "http://example.com",
  ])("refuses another page: Origin %j", (origin) => {
    expect(refusalOf(aRequest("GET", { host, origin }))).toContain("Origin");
    expect(refusalOf(aRequest("POST", { host, origin, ...asked }))).toContain("Origin");
  });

  it.each(["POST", "DELETE", "PUT", "PATCH"])(
    "refuses a change that a form can ask for: %s",
    (method) => {
      expect(refusalOf(aRequest(method, { host }))).toContain("x-laptop-console");
    },
  );

  it("lets no page frame the console, load from elsewhere, or run a script that is no file", () => {
    for (const headers of [SECURITY_HEADERS, REFERENCE_POLICY]) {
      const policy = headers["content-security-policy"].split("; ");
      expect(policy).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self'",
          "connect-src 'self'",
          "frame-ancestors 'none'",
        ]),
      );
      expect(headers["content-security-policy"]).not.toMatch(/script-src[^;]*unsafe|https?:|\*/);
    }
  });
});
