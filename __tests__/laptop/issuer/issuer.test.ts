import { createPublicKey, type JsonWebKey, verify } from "node:crypto";
import * as http from "node:http";
import { type Issuer, makeIssuer } from "../../../laptop/issuer/issuer";
import { type LoopbackServer, startLoopbackServer } from "../../../laptop/loopback-server";

const ISSUER = "https://idp.example.com/tenant/";
const JWKS_URI = "https://keys.example.com/v1";
const NOW = 1_800_000_000;

let issuer: Issuer;
let server: LoopbackServer;

beforeAll(async () => {
  issuer = makeIssuer({ issuer: ISSUER, jwksUri: JWKS_URI }, () => NOW * 1000 + 999);
  server = await startLoopbackServer(http.createServer(issuer.handle), 0);
});
afterAll(() => server.stop());

async function request(path: string, init?: RequestInit) {
  const response = await fetch(`${server.url}${issuer.path}${path}`, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const ask = (body: string) => request("/token", { method: "POST", body });

async function tokenFor(asked: object): Promise<string> {
  const { status, body } = await ask(JSON.stringify(asked));
  expect(status).toBe(200);
  return String(body["token"]);
}

async function keys(): Promise<JsonWebKey[]> {
  return (await request("/.well-known/jwks.json")).body["keys"] as JsonWebKey[];
}

function decode(part = ""): unknown {
  return JSON.parse(Buffer.from(part, "base64url").toString());
}

async function isSigned(token: string): Promise<boolean> {
  const [header = "", claims = "", signature = ""] = token.split(".");
  const { kid } = decode(header) as { kid: string };
  const jwk = (await keys()).find((each) => each["kid"] === kid);
  if (!jwk) throw new Error("there is no such key");
  const key = createPublicKey({ key: jwk, format: "jwk" });
  const signed = Buffer.from(`${header}.${claims}`);
  const encoding = { key, dsaEncoding: "ieee-p1363" } as const;
  return verify("sha256", signed, encoding, Buffer.from(signature, "base64url"));
}

describe("the laptop's issuer", () => {
  it("has the configured issuer's metadata, and says where its tokens are", async () => {
    expect(await request("/.well-known/openid-configuration")).toEqual({
      status: 200,
      body: {
        issuer: ISSUER,
        jwks_uri: JWKS_URI,
        token_endpoint: `${server.url}/_laptop/issuer/token`,
        id_token_signing_alg_values_supported: ["RS256", "ES256"],
        response_types_supported: ["token"],
        subject_types_supported: ["public"],
      },
    });
  });

  it("has two public keys, and the same ones each time", async () => {
    const kid = expect.any(String);
    const found = await keys();
    expect(found).toEqual([
      { kty: "RSA", n: expect.any(String), e: "AQAB", kid, alg: "RS256", use: "sig" },
      {
        kty: "EC",
        crv: "P-256",
        x: expect.any(String),
        y: expect.any(String),
        kid,
        alg: "ES256",
        use: "sig",
      },
    ]);
    expect(Buffer.from(String(found[0]?.n), "base64url")).toHaveLength(256);
    expect(await keys()).toEqual(found);
  });

  it.each(["RS256", "ES256"])("signs tokens by %s", async (alg) => {
    const token = await tokenFor({ claims: { sub: "ann" }, alg });
    expect(decode(token.split(".")[0])).toMatchObject({ alg, typ: "JWT" });
    expect(await isSigned(token)).toBe(true);
    expect(await isSigned(token.replace(/\..*\./, `.${btoa('{"sub":"bob"}')}.`))).toBe(false);
  });

  it("gives a token its issuer and an hour", async () => {
    const [header, claims] = (await tokenFor({ claims: { sub: "ann" } })).split(".");
    expect(decode(header)).toMatchObject({ alg: "RS256" });
    expect(decode(claims)).toEqual({ iss: ISSUER, iat: NOW, exp: NOW + 3600, sub: "ann" });
  });

  it.each([
    [{ iat: 5 }, { iss: ISSUER, iat: 5, exp: 3605 }],
    [
      { exp: 7, iss: "https://other.example.com" },
      { iat: NOW, exp: 7, iss: "https://other.example.com" },
    ],
  ])("leaves the claims %j as they are", async (claims, expected) => {
    expect(decode((await tokenFor({ claims })).split(".")[1])).toEqual(expected);
  });

  it.each(["", "{", "[]", "{}", '{"claims":[]}', '{"claims":{},"alg":"none"}', '{"sub":"ann"}'])(
    "answers 400 with a sentence to %j",
    async (body) => {
      expect(await ask(body)).toEqual({
        status: 400,
        body: { message: expect.stringMatching(/^The body must be .*\.$/) },
      });
    },
  );

  it.each([
    ["GET", "/token"],
    ["POST", "/.well-known/jwks.json"],
    ["GET", "/"],
  ])("answers 404 to %s %s", async (method, path) => {
    expect((await request(path, { method })).status).toBe(404);
  });
});
