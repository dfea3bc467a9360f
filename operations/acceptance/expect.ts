import { inspect, isDeepStrictEqual } from "node:util";
import { PROBLEM_TITLES, type ProblemStatus, SECURITY_HEADERS } from "../../handlers/http";
import type { Violation } from "../../handlers/json";
import { type Order, ORDER_ID } from "../../handlers/order";

/** A response with its body. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

export interface Problem {
  detail: string;
  errors?: Violation[];
}

const MAX_SHOWN_CHARACTERS = 500;
/** API Gateway's request ids. */
const REQUEST_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function expectEqual(what: string, got: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(got, expected)) throw difference(what, got, shown(expected));
}

/** For what has no single right value: `expected` says in words what is right. */
export function expectThat(what: string, got: unknown, isRight: boolean, expected: string): void {
  if (!isRight) throw difference(what, got, expected);
}

export function expectStatus(what: string, { status, text }: Answer, expected: number): void {
  if (status !== expected) throw difference(`status of ${what}`, `${status} ${text}`, expected);
}

/** A response of the functions' own, with an order in it. */
export function expectOrder(what: string, answer: Answer, status: 200 | 202): Order {
  expectStatus(what, answer, status);
  expectHeaders(what, answer, { "Content-Type": "application/json", ...SECURITY_HEADERS });
  const order = parsed(what, answer.text) as Order;
  const { orderId } = order;
  expectThat(`orderId of ${what}`, orderId, ORDER_ID.test(orderId), "a UUID");
  return order;
}

/** RFC 9457 problem details with this status, whichever layer made them. */
export function expectProblem(what: string, answer: Answer, status: ProblemStatus): Problem {
  expectStatus(what, answer, status);
  expectHeaders(what, answer, { "Content-Type": "application/problem+json", ...SECURITY_HEADERS });
  const { requestId, errors, ...problem } = parsed(what, answer.text) as Record<string, unknown>;
  const { detail } = problem;
  const expected = { type: "about:blank", title: PROBLEM_TITLES[status], status, detail };
  expectEqual(`problem of ${what}`, problem, expected);
  const hasDetail = typeof detail === "string" && detail !== "";
  expectThat(`detail of ${what}`, detail, hasDetail, "a sentence");
  const hasId = typeof requestId === "string" && REQUEST_ID.test(requestId);
  expectThat(`requestId of ${what}`, requestId, hasId, "a UUID");
  const listed = errors === undefined || (Array.isArray(errors) && errors.every(isViolation));
  expectThat(`errors of ${what}`, errors, listed, "a list of pointers with details");
  return { detail: String(detail), ...(errors !== undefined && { errors: errors as Violation[] }) };
}

/** 400 with violations at these places, in any order. */
export function expectViolations(what: string, answer: Answer, pointers: string[]): void {
  const { errors = [] } = expectProblem(what, answer, 400);
  const got = errors.map(({ pointer }) => pointer).sort();
  expectEqual(`pointers of ${what}`, got, [...pointers].sort());
}

function expectHeaders(what: string, { headers }: Answer, expected: Record<string, string>): void {
  const got = Object.keys(expected).map((name) => [name, headers.get(name)]);
  expectEqual(`headers of ${what}`, Object.fromEntries(got), expected);
}

function isViolation(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { pointer, detail, ...others } = value as Record<string, unknown>;
  const isText = typeof pointer === "string" && typeof detail === "string";
  return isText && Object.keys(others).length === 0;
}

function parsed(what: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw difference(`body of ${what}`, text, "JSON");
  }
}

function difference(what: string, got: unknown, expected: string | number): Error {
  return new Error(`${what}: expected ${expected}, got ${shown(got)}`);
}

function shown(value: unknown): string {
  const text =
    typeof value === "string" ? value : inspect(value, { depth: 9, breakLength: Infinity });
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
}
