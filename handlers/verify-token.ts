import {
  JwtExpiredError,
  JwtInvalidIssuerError,
  JwtInvalidSignatureAlgorithmError,
  JwtInvalidSignatureError,
  JwtNotBeforeError,
  JwtParseError,
  KidNotFoundInJwksError,
} from "aws-jwt-verify/error";
import type { Jwk, Jwks } from "aws-jwt-verify/jwk";
import type { JwtHeader, JwtPayload } from "aws-jwt-verify/jwt-model";
import { JwtVerifier } from "aws-jwt-verify/jwt-verifier";
import { CLOCK_TOLERANCE_SECONDS } from "./caller";
import type { SigningKeys } from "./signing-keys";

export type Verified =
  | { ok: true; claims: JwtPayload; expires: number }
  /** For the log alone. Without a value of the token. */
  | { ok: false; why: string };

/** Throws where the issuer's keys cannot be had. */
export type VerifyToken = (token: string) => Promise<Verified>;

export interface VerifyTokenOptions {
  /** As in the claim `iss`, to the character. */
  issuer: string;
  audience: string;
  keys: SigningKeys;
}

const MAX_TOKEN_LENGTH = 8192;
const MIN_RSA_BITS = 2048;
/** 2100: no token lives that long, and dates end somewhere. */
const MAX_EXPIRES = 4_102_444_800;
/** RFC 7519 and RFC 9068; a logout token is another type. */
const TOKEN_TYPE = /^(?:application\/)?(?:at\+)?jwt$/i;
/** Of what is wrong with a token, what newer keys may mend. */
const UNKNOWN_KEY = "unknown key";
const WEAKNESSES = [
  "weak algorithm or key",
  "critical header",
  "type",
  "expiry",
  "audience",
] as const;
type Weakness = (typeof WEAKNESSES)[number];

/** Verifies signed tokens (JWT, RFC 7519 and RFC 8725) of one issuer for one audience. */
export function makeVerifyToken({ issuer, audience, keys }: VerifyTokenOptions): VerifyToken {
  const verifier = JwtVerifier.create({
    issuer,
    audience: null,
    // Never fetched: the keys are given.
    jwksUri: issuer,
    graceSeconds: CLOCK_TOLERANCE_SECONDS,
    customJwtCheck(parts) {
      const why = weaknessOf(parts, audience);
      if (why !== undefined) throw new Error(why);
    },
  });
  let cached: Jwks | undefined;

  function verifyWith(jwks: Jwks, token: string): Verified {
    if (jwks !== cached) verifier.cacheJwks(jwks);
    cached = jwks;
    try {
      const claims = verifier.verifySync(token);
      return { ok: true, claims, expires: claims.exp ?? 0 };
    } catch (error) {
      return { ok: false, why: reasonOf(error) };
    }
  }

  return async (token) => {
    if (token.length > MAX_TOKEN_LENGTH) return { ok: false, why: "length" };
    if (!isCanonical(token)) return { ok: false, why: "encoding" };
    const verified = verifyWith(await keys.current(), token);
    if (verified.ok || verified.why !== UNKNOWN_KEY) return verified;
    const newer = await keys.newer();
    return newer ? verifyWith(newer, token) : verified;
  };
}

/** The library's messages repeat what the token says. */
function reasonOf(error: unknown): string {
  if (error instanceof KidNotFoundInJwksError) return UNKNOWN_KEY;
  if (error instanceof JwtParseError) return "form";
  if (error instanceof JwtInvalidSignatureError) return "signature";
  if (error instanceof JwtInvalidSignatureAlgorithmError) return "algorithm";
  if (error instanceof JwtInvalidIssuerError) return "issuer";
  if (error instanceof JwtExpiredError) return "expired";
  if (error instanceof JwtNotBeforeError) return "not yet valid";
  const isOurs = error instanceof Error && WEAKNESSES.some((each) => each === error.message);
  return isOurs ? error.message : "key or header";
}

/** One token has one spelling: base64url without padding or spare bits, of UTF-8. */
function isCanonical(token: string): boolean {
  const parts = token.split(".").map((part) => ({ part, bytes: Buffer.from(part, "base64url") }));
  if (!parts.every(({ part, bytes }) => bytes.toString("base64url") === part)) return false;
  const texts = parts.slice(0, 2);
  return texts.every(({ bytes }) => Buffer.from(bytes.toString("utf8")).equals(bytes));
}

/** What the library does not look at, or takes only from the key. */
function weaknessOf(
  { header, payload, jwk }: { header: JwtHeader; payload: JwtPayload; jwk: Jwk },
  audience: string,
): Weakness | undefined {
  const { alg, typ, crit, b64 } = header;
  if (!isStrongKey(alg, jwk)) return "weak algorithm or key";
  if (crit !== undefined || b64 !== undefined) return "critical header";
  if (typ !== undefined && !(typeof typ === "string" && TOKEN_TYPE.test(typ))) return "type";
  if (payload.exp === undefined || payload.exp > MAX_EXPIRES) return "expiry";
  return isFor(payload, audience) ? undefined : "audience";
}

/** RS256 with a key of 2,048 bits or more, or ES256 on P-256: whatever else the issuer's keys allow. */
function isStrongKey(alg: string | undefined, { kty, crv, n = "" }: Jwk): boolean {
  if (alg === "ES256") return kty === "EC" && crv === "P-256";
  return alg === "RS256" && kty === "RSA" && bitsOf(Buffer.from(n, "base64url")) >= MIN_RSA_BITS;
}

function bitsOf(modulus: Buffer): number {
  const first = modulus.findIndex((byte) => byte !== 0);
  if (first < 0) return 0;
  return (modulus.length - first) * 8 - (Math.clz32(modulus[first] ?? 0) - 24);
}

/** An access token of Cognito has `client_id` in the place of an audience. */
function isFor({ aud, client_id, token_use }: JwtPayload, audience: string): boolean {
  if (aud === undefined) return token_use === "access" && client_id === audience;
  return [aud].flat().includes(audience);
}
