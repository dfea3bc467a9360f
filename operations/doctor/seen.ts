import { awsError, missingHere } from "../target/aws-errors";
import type { Finding } from "./findings";

/** What was looked at; or why it could not be. `isMissing`: this machine lacks something for every look. */
export type Seen<T> = { ok: true; value: T } | { ok: false; why: string; isMissing: boolean };

export async function see<T>(look: () => T | Promise<T>): Promise<Seen<T>> {
  try {
    return { ok: true, value: await look() };
  } catch (error) {
    return { ok: false, why: awsError(error), isMissing: missingHere(error) !== undefined };
  }
}

/** The findings of a check; or that `what` could not be seen. */
export function ifSeen<T>(
  what: string,
  seen: Seen<T>,
  check: (value: T) => Finding[],
  essential: { isEssential?: true } = {},
): Finding[] {
  if (seen.ok) return check(seen.value);
  return [{ level: "unseen", text: `cannot see ${what}: ${seen.why}`, ...essential }];
}
