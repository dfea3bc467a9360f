import { constants } from "node:crypto";
import {
  by,
  bytes,
  ecKey,
  edKey,
  hmac,
  type KeyPair,
  type Part,
  rsaKey,
  type Signer,
  token,
} from "./signed-tokens";

/** What the stack under test is configured with. */
export const AUTH = {
  issuer: "https://issuer.example.com/",
  audience: "orders",
  customerClaim: "customer",
  staffClaim: "roles",
  staffValue: "orders:staff",
};

/** One request, to order for alice. */
export interface HostileToken {
  name: string;
  /** 202: harmless. */
  status: number;
  /** aws-jwt-verify accepts it as it comes. */
  passesLibrary?: true;
  headers: [string, string][];
  query?: string;
}

interface Changes {
  header?: object;
  payload?: object;
  signer?: Signer;
}

/** The issuer's keys, good and bad, by their kid. */
export function makeHostileKeys() {
  const [rsa, ec, p384, ed, weak] = [
    rsaKey(2048),
    ecKey("P-256"),
    ecKey("P-384"),
    edKey(),
    rsaKey(1024),
  ];
  const oct = Buffer.from("a secret that everyone can read.");
  const published = [
    { ...rsa.jwk, kid: "rsa", alg: "RS256", use: "sig" },
    { ...ec.jwk, kid: "ec", alg: "ES256", use: "sig" },
    { ...rsa.jwk, kid: "rsa-any" },
    { ...ec.jwk, kid: "ec-any" },
    { ...p384.jwk, kid: "p384" },
    { ...ed.jwk, kid: "ed" },
    { ...weak.jwk, kid: "weak" },
    { ...rsa.jwk, kid: "encryption", use: "enc" },
    { kty: "oct", k: oct.toString("base64url"), kid: "oct" },
  ];
  return { rsa, ec, p384, ed, weak, stranger: rsaKey(2048), oct, published };
}

export type HostileKeys = ReturnType<typeof makeHostileKeys>;

/** Of all that is wrong, each in a token that is right otherwise. `elsewhere`: a URL that nobody may fetch. */
export function hostileTokens(keys: HostileKeys, elsewhere: string): HostileToken[] {
  const now = Math.floor(Date.now() / 1000);
  const HEADER = { alg: "RS256", kid: "rsa", typ: "JWT" };
  const PAYLOAD = {
    iss: AUTH.issuer,
    aud: AUTH.audience,
    sub: "user-1",
    customer: "alice",
    exp: now + 600,
  };
  const signed = by(keys.rsa);
  const good = token(HEADER, PAYLOAD, signed);
  const [goodHeader = "", goodPayload = "", goodSignature = ""] = good.split(".");
  const pem = keys.rsa.publicKey.export({ type: "spki", format: "pem" }).toString();

  const made = ({ header = {}, payload = {}, signer = signed }: Changes) =>
    token({ ...HEADER, ...header }, { ...PAYLOAD, ...payload }, signer);
  const bearer = (name: string, status: number, value: string): HostileToken => ({
    name,
    status,
    headers: [["Authorization", `Bearer ${value}`]],
  });
  const refused = (name: string, changes: Changes, status = 401) =>
    bearer(name, status, made(changes));
  const accepted = (name: string, changes: Changes) => bearer(name, 202, made(changes));
  /** Accepted by the library as it comes. */
  const passing = (each: HostileToken): HostileToken => ({ ...each, passesLibrary: true });
  const trap = (name: string, changes: Changes) => passing(refused(name, changes));
  const raw = (name: string, header: Part, payload: Part, status = 401, signer = signed) =>
    bearer(name, status, token(header, payload, signer));
  const request = (name: string, status: number, ...headers: [string, string][]) => ({
    name,
    status,
    headers,
  });
  const withKey = (kid: string, alg: string, key: KeyPair, options = {}): Changes => ({
    header: { kid, alg },
    signer: by(key, options),
  });
  const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

  const algorithms = [
    bearer("none, without a signature", 401, token({ ...HEADER, alg: "none" }, PAYLOAD, bytes())),
    refused("none, with a signature", { header: { alg: "none" }, signer: bytes(0) }),
    refused("nOnE", { header: { alg: "nOnE" }, signer: bytes(0) }),
    refused("no alg", { header: { alg: undefined } }),
    refused("alg is a number", { header: { alg: 256 } }),
    refused("alg is empty", { header: { alg: "" } }),
    refused("HS256 keyed by the public key", { header: { alg: "HS256" }, signer: hmac(pem) }),
    refused("HS256 against a key without alg", {
      header: { alg: "HS256", kid: "rsa-any" },
      signer: hmac(pem),
    }),
    refused("HS256 keyed by a published secret", {
      header: { alg: "HS256", kid: "oct" },
      signer: hmac(keys.oct),
    }),
    trap("RS384", withKey("rsa-any", "RS384", keys.rsa, { hash: "sha384" })),
    trap("RS512", withKey("rsa-any", "RS512", keys.rsa, { hash: "sha512" })),
    refused("PS256", withKey("rsa-any", "PS256", keys.rsa, PSS)),
    refused("RS256 signed as PS256", withKey("rsa-any", "RS256", keys.rsa, PSS)),
    trap("RS256 with an elliptic key", withKey("ec-any", "RS256", keys.ec)),
    trap("ES256 with an RSA key", withKey("rsa-any", "ES256", keys.rsa)),
    trap("ES256 on P-384", withKey("p384", "ES256", keys.p384)),
    trap("ES384", withKey("p384", "ES384", keys.p384, { hash: "sha384" })),
    trap("EdDSA", withKey("ed", "EdDSA", keys.ed, { hash: null })),
    refused("an ES256 signature of zeros", {
      header: { alg: "ES256", kid: "ec" },
      signer: bytes(...Array<number>(64).fill(0)),
    }),
    refused("an ES256 signature as DER", withKey("ec", "ES256", keys.ec, { dsaEncoding: "der" })),
    trap("a key of 1,024 bits", withKey("weak", "RS256", keys.weak)),
    refused("a key for encryption", { header: { kid: "encryption" } }),
    refused("signed by another key", { signer: by(keys.stranger) }),
    accepted("ES256", withKey("ec", "ES256", keys.ec)),
    accepted("RS256 by a key without alg", { header: { kid: "rsa-any" } }),
  ];

  const strangerJwk = { ...keys.stranger.jwk, kid: "rsa" };
  const headers = [
    refused("no kid", { header: { kid: undefined } }),
    refused("kid is a number", { header: { kid: 1 } }),
    refused("kid is empty", { header: { kid: "" } }),
    refused("kid is a path", { header: { kid: "../../dev/null" } }),
    refused("kid is __proto__", { header: { kid: "__proto__" } }),
    refused("kid is unknown", { header: { kid: "unknown" } }),
    refused("kid has SQL in it", { header: { kid: "rsa' OR '1'='1" } }),
    accepted("jku names another server", { header: { jku: elsewhere } }),
    accepted("x5u names another server", { header: { x5u: elsewhere } }),
    refused("jku, and a key from there", { header: { jku: elsewhere }, signer: by(keys.stranger) }),
    refused("a key of its own", { header: { jwk: strangerJwk }, signer: by(keys.stranger) }),
    trap("crit", { header: { crit: ["exp"], exp: 1 } }),
    trap("crit is empty", { header: { crit: [] } }),
    trap("b64 is false", { header: { b64: false } }),
    trap("a logout token", { header: { typ: "logout+jwt" } }),
    trap("typ is a number", { header: { typ: 1 } }),
    accepted("typ is at+jwt", { header: { typ: "at+jwt" } }),
    accepted("no typ", { header: { typ: undefined } }),
    raw("alg twice, the last is RS256", '{"alg":"none","kid":"rsa","alg":"RS256"}', PAYLOAD, 202),
    raw("alg twice, the last is none", '{"alg":"RS256","kid":"rsa","alg":"none"}', PAYLOAD),
    raw("the header is a list", [HEADER], PAYLOAD),
    raw("the header is no JSON", "{", PAYLOAD),
    raw("the header is null", "null", PAYLOAD),
  ];

  const withClaim = (json: string) => JSON.stringify(PAYLOAD).replace("}", `,${json}}`);
  const times = [
    refused("expired", { payload: { exp: now - 120 } }),
    accepted("expired half a minute ago", { payload: { exp: now - 30 } }),
    trap("no exp", { payload: { exp: undefined } }),
    refused("exp is text", { payload: { exp: String(now + 600) } }),
    accepted("exp is no whole number", { payload: { exp: now + 600.5 } }),
    trap("exp is 1e300", { payload: { exp: 1e300 } }),
    raw("exp is 1e999", HEADER, withClaim('"exp":1e999')),
    trap("exp in another century", { payload: { exp: 4_102_444_801 } }),
    refused("exp is null", { payload: { exp: null } }),
    refused("exp is negative", { payload: { exp: -1 } }),
    refused("exp is a list", { payload: { exp: [now + 600] } }),
    raw("exp twice, the last is over", HEADER, withClaim(`"exp":${now - 600}`)),
    refused("not yet", { payload: { nbf: now + 120 } }),
    accepted("in half a minute", { payload: { nbf: now + 30 } }),
    refused("nbf is text", { payload: { nbf: String(now) } }),
    refused("iat is text", { payload: { iat: String(now) } }),
  ];

  const audiences = [
    refused("another issuer", { payload: { iss: "https://evil.example.com/" } }),
    refused("the issuer without its slash", { payload: { iss: "https://issuer.example.com" } }),
    refused("the issuer in capitals", { payload: { iss: "https://ISSUER.example.com/" } }),
    refused("the issuer, and more", { payload: { iss: `${AUTH.issuer}tenant` } }),
    refused("a list of issuers", { payload: { iss: [AUTH.issuer] } }),
    refused("no issuer", { payload: { iss: undefined } }),
    refused("another audience", { payload: { aud: "payments" } }),
    accepted("a list of audiences, with ours", { payload: { aud: ["payments", "orders"] } }),
    refused("a list without ours", { payload: { aud: ["payments"] } }),
    refused("no audience in the list", { payload: { aud: [] } }),
    refused("a list in a list", { payload: { aud: [["orders"]] } }),
    refused("an audience that begins with ours", { payload: { aud: "orders2" } }),
    refused("an audience in capitals", { payload: { aud: "Orders" } }),
    refused("several audiences in one text", { payload: { aud: "orders payments" } }),
    refused("no audience", { payload: { aud: undefined } }),
    refused("the audience is null", { payload: { aud: null } }),
    accepted("an access token of Cognito, for our client", {
      payload: { aud: undefined, client_id: "orders", token_use: "access" },
    }),
    refused("an access token of Cognito, for another client", {
      payload: { aud: undefined, client_id: "payments", token_use: "access" },
    }),
    refused("our client, another audience", {
      payload: { aud: "payments", client_id: "orders", token_use: "access" },
    }),
    refused("our client, and no use", { payload: { aud: undefined, client_id: "orders" } }),
  ];

  const customer = (name: string, value: unknown) =>
    refused(name, { payload: { customer: value } }, 403);
  const bob = (name: string, claims: object, status = 403) =>
    refused(name, { payload: { customer: "bob", ...claims } }, status);
  const claims = [
    customer("no customer", undefined),
    customer("the customer is null", null),
    customer("the customer is a number", 7),
    customer("the customer is a list", ["alice"]),
    customer("the customer is an object", { id: "alice" }),
    customer("the customer is empty", ""),
    customer("the customer has 129 characters", "a".repeat(129)),
    customer("a space behind the customer", "alice "),
    customer("a line break behind the customer", "alice\n"),
    customer("a NUL behind the customer", "alice\0"),
    customer("a zero-width space in the customer", "al\u200bice"),
    customer("a Cyrillic letter in the customer", "\u0430lice"),
    customer("a full-width letter in the customer", "\uff41lice"),
    customer("the customer with an accent, composed", "\u00e0lice"),
    customer("the customer with an accent, decomposed", "a\u0300lice"),
    customer("another customer", "bob"),
    customer("the customer in capitals", "Alice"),
    raw("two customers, the last is bob", HEADER, withClaim('"customer":"bob"'), 403),
    raw(
      "__proto__ names a role",
      HEADER,
      withClaim('"customer":"bob","__proto__":{"roles":"orders:staff"}'),
      403,
    ),
    bob("a part of staff's role", { roles: "orders:staffing" }),
    bob("staff's role in capitals", { roles: ["ORDERS:STAFF"] }),
    bob("staff's role in a list in a list", { roles: [["orders:staff"]] }),
    bob("staff's role as a name", { roles: { "orders:staff": true } }),
    bob("staff's role under another name", { role: "orders:staff", scope: "orders:staff" }),
    bob("staff, by text", { roles: "a orders:staff" }, 202),
    bob("staff, by a list", { roles: ["orders:staff"] }, 202),
    refused(
      "staff without a customer",
      { payload: { customer: undefined, roles: ["orders:staff"] } },
      202,
    ),
    refused(
      "staff whose customer is no text",
      { payload: { customer: 7, roles: ["orders:staff"] } },
      403,
    ),
    refused("sub is a number", { payload: { sub: 7 } }),
    refused("scope is a list", { payload: { scope: ["orders"] } }),
    raw("the payload is a list", HEADER, [PAYLOAD]),
    raw("the payload is text", HEADER, '"alice"'),
    raw("the payload is no JSON", HEADER, JSON.stringify(PAYLOAD).slice(1)),
    raw("no claims", HEADER, {}),
    passing(raw("the payload is not UTF-8", HEADER, latin1(withClaim('"name":"Zo\u00eb"')))),
  ];

  const lastBit = goodSignature.slice(0, -1) + sameBits(goodSignature.slice(-1));
  const forms = [
    bearer("one part", 401, goodHeader),
    bearer("two parts", 401, `${goodHeader}.${goodPayload}`),
    bearer("four parts", 401, `${good}.${goodSignature}`),
    bearer("five parts", 401, `${good}.${goodSignature}.${goodSignature}`),
    bearer("no payload", 401, `${goodHeader}..${goodSignature}`),
    passing(bearer("padded", 401, `${good}==`)),
    bearer(
      "in standard base64",
      401,
      `${goodHeader}.${goodPayload}.${goodSignature.slice(0, -2)}+/`,
    ),
    passing(bearer("a spare bit of the signature", 401, `${goodHeader}.${goodPayload}.${lastBit}`)),
    bearer("a space inside", 401, good.replace(".", " .")),
    bearer("a tab inside", 401, good.replace(".", "\t.")),
    bearer("a percent sign", 401, good.replace(".", "%2E")),
    bearer("the signature is cut", 401, good.slice(0, -4)),
    trap("of 9 KB", { payload: { more: "a".repeat(6700) } }),
    passing(
      bearer("of more than headers may take", 431, made({ payload: { more: "a".repeat(9000) } })),
    ),
  ];

  const ours: [string, string] = ["Authorization", `Bearer ${good}`];
  const theirs: [string, string] = [
    "Authorization",
    `Bearer ${made({ payload: { customer: "bob" } })}`,
  ];
  const transport = [
    request("no header", 401),
    request("an empty header", 401, ["Authorization", ""]),
    request("the scheme alone", 401, ["Authorization", "Bearer"]),
    request("the token alone", 401, ["Authorization", good]),
    request("another scheme", 401, ["Authorization", `Basic ${good}`]),
    request("a scheme that begins so", 401, ["Authorization", `BearerToken ${good}`]),
    request("two headers", 401, ours, theirs),
    request("the same header twice", 401, ours, ours),
    request("two tokens in one header", 401, ["Authorization", `Bearer ${good}, Bearer ${good}`]),
    { ...request("in the query", 401), query: `access_token=${good}` },
    request("in a cookie", 401, ["Cookie", `access_token=${good}`]),
    request("in a header that looks alike", 401, ["X-Authorization", `Bearer ${good}`]),
    request("in a proxy's header", 401, ["Proxy-Authorization", `Bearer ${good}`]),
    request("in the header that API Gateway renames", 401, [
      "X-Amzn-Remapped-Authorization",
      `Bearer ${good}`,
    ]),
    request("the scheme in small letters", 202, ["authorization", `bearer ${good}`]),
    request("the scheme in capitals", 202, ["AUTHORIZATION", `BEARER ${good}`]),
    request("two spaces behind the scheme", 202, ["Authorization", `Bearer  ${good}`]),
    request("as it should be", 202, ours),
  ];

  return [...algorithms, ...headers, ...times, ...audiences, ...claims, ...forms, ...transport];
}

/** One byte for each character. */
function latin1(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The last of 342 characters for 256 bytes carries two bits, and four that mean nothing. */
function sameBits(last: string): string {
  return BASE64URL.charAt(BASE64URL.indexOf(last) ^ 1);
}
