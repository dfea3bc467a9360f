import { isJwk, type Jwks } from "aws-jwt-verify/jwk";

const MAX_MILLISECONDS = 3000;
const MAX_BYTES = 256 * 1024;

/**
 * The keys at an issuer's address (RFC 7517). Throws where it answers with anything else: a redirection
 * may lead anywhere, and what is too slow or too large would hold up every request.
 */
export async function fetchJwks(uri: string): Promise<Jwks> {
  const response = await fetch(uri, {
    redirect: "error",
    signal: AbortSignal.timeout(MAX_MILLISECONDS),
  });
  if (response.status !== 200) throw new Error(`the issuer answers ${response.status}`);
  const { keys } = JSON.parse(await boundedText(response)) as Partial<Jwks>;
  if (!Array.isArray(keys)) throw new Error("the issuer's answer has no keys");
  return { keys: keys.filter(isJwk) };
}

async function boundedText({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BYTES) throw new Error("the issuer's answer is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
