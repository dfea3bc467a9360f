import { create, string, type } from "superstruct";
import type { Stack } from "../target/stack";

/** That the laptop's issuer signs with. */
export const ALGORITHMS = ["RS256", "ES256"] as const;

export interface TokenRequest {
  customer: string | undefined;
  isStaff: boolean;
  /** Milliseconds. */
  lifetime: number;
  alg: (typeof ALGORITHMS)[number];
}

type ClosedStack = Pick<Stack, "endpoint" | "outputs">;

const tokenStruct = type({ token: string() });

/** From the issuer of a laptop stack. Throws a sentence where the stack can have no such token. */
export async function makeToken(
  { endpoint = "", outputs }: ClosedStack,
  request: TokenRequest,
  now: Date,
): Promise<string> {
  const { auth } = outputs;
  if (!auth) throw new Error(`the stack at ${endpoint} is open: it asks for no token`);
  const claims = claimsOf(auth, request, now);
  const response = await fetch(`${endpoint}/_laptop/issuer/token`, {
    method: "POST",
    body: JSON.stringify({ claims, alg: request.alg }),
  });
  if (!response.ok) {
    throw new Error(`the issuer at ${endpoint} gives no token: ${await response.text()}`);
  }
  return create(await response.json(), tokenStruct).token;
}

function claimsOf(
  { audience, customerClaim, staffClaim, staffValue }: NonNullable<Stack["outputs"]["auth"]>,
  { customer, isStaff, lifetime }: TokenRequest,
  now: Date,
): Record<string, unknown> {
  if (isStaff && staffValue === "") {
    throw new Error("the stack has no staff: auth.staffValue in its config says who is");
  }
  const iat = Math.floor(now.getTime() / 1000);
  return {
    aud: audience,
    sub: customer ?? "staff",
    iat,
    exp: iat + lifetime / 1000,
    ...(customer !== undefined && { [customerClaim]: customer }),
    ...(isStaff && { [staffClaim]: staffValue }),
  };
}
