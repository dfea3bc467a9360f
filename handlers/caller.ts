import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { problem, withProblemResponses } from "./http";
import type { Telemetry } from "./telemetry";

/** Whom the API answers: `open`, everyone; `token`, those whose token authorize-caller has verified. */
export type Access = "open" | "token";

/** Who sends a request. Staff may act for every customer, and need not be one. */
export interface Caller {
  customerId: string | undefined;
  isStaff: boolean;
}

/** What the API's authorizer tells the functions of a caller; API Gateway makes it all text. */
export interface CallerContext {
  customerId?: string;
  isStaff: boolean;
  /** Of the token, in seconds since 1970. */
  expires: number;
}

/** Where a token says who its bearer is: names of top-level claims, taken literally. */
export interface CallerClaims {
  customerClaim: string;
  staffClaim: string;
  /** "" where there is no staff. */
  staffValue: string;
}

/** By how much the clocks of issuer and verifier may differ. */
export const CLOCK_TOLERANCE_SECONDS = 60;

/** What an HTTP header carries unchanged; of the same customer there is one spelling only. */
const CUSTOMER_ID = /^[\x21-\x7e]{1,128}$/;
const ANYONE: Caller = { customerId: undefined, isStaff: true };

/** The caller by the claims of a verified token; undefined where it is nobody who may call. */
export function callerIn(
  claims: Record<string, unknown>,
  { customerClaim, staffClaim, staffValue }: CallerClaims,
): Caller | undefined {
  const customerId = own(claims, customerClaim);
  const isStaff = staffValue !== "" && valuesOf(own(claims, staffClaim)).includes(staffValue);
  if (customerId === undefined && isStaff) return { customerId, isStaff };
  return typeof customerId === "string" && CUSTOMER_ID.test(customerId)
    ? { customerId, isStaff }
    : undefined;
}

function own(claims: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(claims, name) ? claims[name] : undefined;
}

/** A list, or text whose values are separated by spaces (RFC 8693, "scope"). */
function valuesOf(claim: unknown): unknown[] {
  if (typeof claim === "string") return claim.split(" ");
  return Array.isArray(claim) ? claim : [];
}

export function mayActFor({ customerId, isStaff }: Caller, other: string): boolean {
  return isStaff || customerId === other;
}

export interface CallerDeps extends Pick<Telemetry, "log"> {
  access: Access;
  isRetryable(error: unknown): boolean;
  now(): Date;
}

/** A handler of requests by callers who are known. Where everyone may call, everyone is staff. */
export function withCaller(
  deps: CallerDeps,
  handle: (event: APIGatewayProxyEvent, caller: Caller) => Promise<APIGatewayProxyResult>,
): (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult> {
  return withProblemResponses(deps, async (event) => {
    if (deps.access === "open") return handle(event, ANYONE);
    const { expires, ...caller } = callerOf(event);
    // API Gateway keeps what the authorizer said for a while, whether or not the token expires.
    const isOver = deps.now().getTime() > (expires + CLOCK_TOLERANCE_SECONDS) * 1000;
    return isOver ? problem(event, 401, "The token has expired.") : handle(event, caller);
  });
}

/** Throws where the authorizer has told nothing: the API would be open. */
function callerOf({ requestContext }: APIGatewayProxyEvent): Caller & { expires: number } {
  const { customerId, isStaff, expires } = (requestContext.authorizer ?? {}) as Partial<
    Record<keyof CallerContext, string>
  >;
  const seconds = Number(expires);
  if (!expires || !Number.isFinite(seconds))
    throw new Error("the request has no caller, but the API is closed");
  return { customerId, isStaff: isStaff === "true", expires: seconds };
}
