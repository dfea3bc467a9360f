import { generateKeyPair, type JsonWebKey, type KeyObject, randomUUID, sign } from "node:crypto";
import { promisify } from "node:util";

export const ALGORITHMS = ["RS256", "ES256"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** One key pair of an issuer. */
export interface SigningKey {
  /** The public half, as a JWKS lists it. */
  jwk: JsonWebKey;
  /** A JWS in compact form. */
  signToken(claims: object): string;
}

const generate = promisify(generateKeyPair);

export async function generateKeys(): Promise<Record<Algorithm, SigningKey>> {
  const [rsa, ec] = await Promise.all([
    generate("rsa", { modulusLength: 2048 }),
    generate("ec", { namedCurve: "P-256" }),
  ]);
  return { RS256: signingKey("RS256", rsa), ES256: signingKey("ES256", ec) };
}

function signingKey(
  alg: Algorithm,
  { publicKey, privateKey: key }: { publicKey: KeyObject; privateKey: KeyObject },
): SigningKey {
  const kid = randomUUID();
  const header = encode({ alg, kid, typ: "JWT" });
  return {
    jwk: { ...publicKey.export({ format: "jwk" }), kid, alg, use: "sig" },
    signToken(claims) {
      const signed = `${header}.${encode(claims)}`;
      // JWS has the two numbers of an ECDSA signature, not their DER. RSA knows no such encoding.
      const signature = sign("sha256", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" });
      return `${signed}.${signature.toString("base64url")}`;
    },
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
