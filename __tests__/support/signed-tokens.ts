import {
  createHmac,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  sign,
  type SigningOptions,
} from "node:crypto";

export interface KeyPair {
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** Public, without kid and alg. */
  jwk: JsonWebKey;
}

export function rsaKey(modulusLength: number): KeyPair {
  return pairOf(generateKeyPairSync("rsa", { modulusLength }));
}

export function ecKey(namedCurve: "P-256" | "P-384"): KeyPair {
  return pairOf(generateKeyPairSync("ec", { namedCurve }));
}

export function edKey(): KeyPair {
  return pairOf(generateKeyPairSync("ed25519"));
}

function pairOf(pair: { privateKey: KeyObject; publicKey: KeyObject }): KeyPair {
  return { ...pair, jwk: pair.publicKey.export({ format: "jwk" }) };
}

/** JSON text stands for itself: what JSON.stringify would not write. */
export type Part = object | string | Buffer;

/** Signs the first two parts of a token as they are. */
export type Signer = (input: string) => Buffer;

export function token(header: Part, payload: Part, signer: Signer): string {
  const input = `${encoded(header)}.${encoded(payload)}`;
  return `${input}.${signer(input).toString("base64url")}`;
}

function encoded(part: Part): string {
  if (Buffer.isBuffer(part)) return part.toString("base64url");
  const text = typeof part === "string" ? part : JSON.stringify(part);
  return Buffer.from(text).toString("base64url");
}

/** RS256 or ES256 by default, as the key has it. */
export function by(
  { privateKey: key }: KeyPair,
  { hash = "sha256", ...options }: { hash?: string | null } & SigningOptions = {},
): Signer {
  const dsaEncoding = "ieee-p1363";
  return (input) => sign(hash, Buffer.from(input), { key, dsaEncoding, ...options });
}

export function hmac(secret: string | Buffer): Signer {
  return (input) => createHmac("sha256", secret).update(input).digest();
}

export function bytes(...values: number[]): Signer {
  return () => Buffer.from(values);
}
