import { type Infer, type Struct, validate } from "superstruct";
import type { AwsCall, WatchingService } from "./aws-call";

/** What the laptop itself answers to a call: the response's fields, or an error in the service's words. */
export type Answer =
  { ok: true; value: object } | { ok: false; status: number; code: string; message: string };

type Read = (call: Pick<AwsCall, "fields" | "resource">) => Answer;

/** The calls of each service that the laptop answers, by action. None of them changes anything. */
export type Answers = Readonly<Record<WatchingService, Readonly<Record<string, Read>>>>;

export const NO_ANSWERS: Answers = { cloudwatch: {}, logs: {}, lambda: {}, scheduler: {} };

export function answered(value: object): Answer {
  return { ok: true, value };
}

export function refused(code: string, message: string, status = 400): Answer {
  return { ok: false, status, code, message };
}

/** Answers with the fields of a call, or refuses one that has others than `struct` does, with this code. */
export function reading<T, S>(
  struct: Struct<T, S>,
  code: string,
  answer: (fields: Infer<typeof struct>) => Answer,
): Read {
  return ({ fields }) => {
    const [failure, value] = validate(fields, struct, { coerce: true });
    if (!failure) return answer(value);
    const what = failure.path.join(".");
    return refused(code, `the laptop does not know such a ${what}: ${failure.message}`);
  };
}
