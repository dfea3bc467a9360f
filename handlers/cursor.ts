import { createHash } from "node:crypto";

/** The last order of a page: the next one begins after it. */
export interface Position {
  createdAt: string;
  orderId: string;
}

/**
 * Opaque to clients. It is good for the orders of one customer; what it is made of is no secret, and who
 * makes one up only chooses where their own list begins.
 */
export function cursorAt({ createdAt, orderId }: Position, customerId: string): string {
  const parts = [createdAt, orderId];
  return Buffer.from(JSON.stringify([...parts, checksum(customerId, parts)])).toString("base64url");
}

/** Undefined for what is no cursor of this customer's orders. */
export function positionOf(cursor: string, customerId: string): Position | undefined {
  const [createdAt, orderId] = textsIn(Buffer.from(cursor, "base64url").toString("utf8"));
  if (createdAt === undefined || orderId === undefined) return undefined;
  const position = { createdAt, orderId };
  return cursorAt(position, customerId) === cursor ? position : undefined;
}

function textsIn(json: string): string[] {
  try {
    const parts = JSON.parse(json) as unknown;
    return Array.isArray(parts) ? parts.filter((part) => typeof part === "string") : [];
  } catch {
    return [];
  }
}

function checksum(customerId: string, parts: string[]): string {
  const hash = createHash("sha256").update(JSON.stringify([customerId, ...parts]));
  return hash.digest("base64url").slice(0, 16);
}
