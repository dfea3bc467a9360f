import type { Stack } from "./stack";

const VARIABLE = "ORDERS_TOKEN";

export const TOKEN_HELP = `A closed stack asks for a token: it is taken from the environment variable ${VARIABLE}, as command lines are
seen by others.`;

/** Whose token a command needs; it is of staff, or of this customer. */
export type Bearer = "staff" | { customer: string };

/** Undefined where the stack asks for none. Throws a sentence where it does, and there is none. */
export function ordersToken(
  { name, endpoint, outputs: { auth } }: Pick<Stack, "name" | "endpoint" | "outputs">,
  bearer: Bearer,
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  if (!auth) return undefined;
  const token = env[VARIABLE]?.trim() ?? "";
  // What a header cannot carry, fetch would repeat in its error.
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  const whose = bearer === "staff" ? "staff" : `the customer ${bearer.customer}, or of staff`;
  const options = bearer === "staff" ? "--staff" : `--customer ${bearer.customer}`;
  const way =
    endpoint === undefined
      ? `its issuer ${auth.issuer} gives it`
      : `export ${VARIABLE}=$(npm run -s token -- ${options} --endpoint ${endpoint})`;
  throw new Error(`the stack ${name} is closed: set ${VARIABLE} to a token of ${whose}\n  ${way}`);
}
