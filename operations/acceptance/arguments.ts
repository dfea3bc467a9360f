import { parseArgs } from "node:util";
import { STACK_HELP, STACK_OPTIONS, type StackNames, stackNamesOf } from "../target/options";
import { TOKEN_HELP } from "../target/orders-token";
import type { AcceptanceCase } from "./acceptance-case";
import { CUSTOMER_ID } from "./requests";

export const HELP = `Runs the black-box suite against a deployment: what docs/api.md promises, as a client sees it.

  npm run acceptance -- --stack dev --yes-on dev
  npm run acceptance -- --endpoint http://127.0.0.1:3000 --yes-on dev

It makes real orders, all of the customer ${CUSTOMER_ID}: the business step runs for them.

${STACK_HELP}
  --yes-on <stack>     allows it to make orders on this stack, which must be the one found
  --only <prefix>      only the cases whose id begins so, such as keys/ or orders/get
  --no-notifications   makes no queue, and no subscription to the topic: what needs these is not run.
                       Else both are made, and deleted at the end
  --json               prints one JSON document at the end
  --help               this text

${TOKEN_HELP} It is one of staff.
A request that gets 429 or 503 is sent again after a pause, six times in all. Ctrl-C stops after the case at hand.
It exits with 1 when a case failed, or was stopped. A case that this deployment gives no occasion for is
not run; one that is known to be different on AWS or on the laptop does not fail.`;

export interface Arguments {
  help: boolean;
  names: StackNames;
  yesOn: string | undefined;
  only: string;
  withNotifications: boolean;
  json: boolean;
}

/** Throws a sentence about options that are unknown, or that do not go together. */
export function parseArguments(args: string[]): Arguments {
  const { values } = parseArgs({
    args,
    options: {
      ...STACK_OPTIONS,
      "yes-on": { type: "string" },
      only: { type: "string", default: "" },
      "no-notifications": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  return {
    help: values.help,
    names: stackNamesOf(values),
    yesOn: values["yes-on"],
    only: values.only,
    withNotifications: !values["no-notifications"],
    json: values.json,
  };
}

/** Throws a sentence unless the stack that was found is the one that was named. */
export function checkYesOn(stack: string, yesOn: string | undefined): void {
  if (yesOn === stack) return;
  throw new Error(
    `this makes real orders on the stack ${stack}: ` +
      (yesOn === undefined ? "" : `--yes-on ${yesOn} is another one, `) +
      `--yes-on ${stack} allows it`,
  );
}

/** Throws a sentence where there is none. */
export function chooseCases(cases: AcceptanceCase[], prefix: string): AcceptanceCase[] {
  const chosen = cases.filter(({ id }) => id.startsWith(prefix));
  if (chosen.length === 0) throw new Error(`there is no case whose id begins with ${prefix}`);
  return chosen;
}
