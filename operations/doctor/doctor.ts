import * as path from "node:path";
import { awsDeps } from "../redrive/aws";
import { findStack } from "../target/find-stack";
import type { Arguments } from "./arguments";
import { clearHints } from "./clear-hints";
import { examine } from "./examine";
import { type Section, type Verdict, verdictOf } from "./findings";
import { makeClients } from "./observers/clients";
import { observe } from "./observers/observe";
import { see } from "./seen";

export type Examination = Verdict & { sections: Section[] };

const DIRECTORY = path.join(__dirname, "..", "..");

/** Finds the stack, looks at it and judges. What is missing on this machine is a verdict, too. */
export async function runDoctor(args: Arguments, now: Date): Promise<Examination> {
  const found = await see(() => findStack(args.names));
  if (!found.ok) return cannotTell(found.why);
  const stack = found.value;
  const { region, account, endpoint, outputs } = stack;
  const clients = makeClients(stack);
  const orders = awsDeps({ ...outputs, region, endpoint });
  const where = endpoint === undefined ? `in ${region}, account ${account}` : `at ${endpoint}`;
  const sections: Section[] = [
    { title: "stack", findings: [{ level: "ok", text: `${stack.name} ${where}` }] },
  ];
  if (args.clearHints) {
    const cleared = await see(() =>
      clearHints(clients.sqs, outputs.deadLetterQueueUrl, orders.readOrder),
    );
    if (!cleared.ok) return cannotTell(cleared.why);
    sections.push({ title: "hints", findings: [cleared.value] });
  }
  const seen = await observe({ stack, clients, orders, directory: DIRECTORY, now });
  if (!seen.ok) return cannotTell(seen.why);
  sections.push(...examine(stack, args.names, seen.value, now.getTime()));
  return { ...verdictOf(sections), sections };
}

function cannotTell(why: string): Examination {
  return { verdict: "cannot tell", text: `cannot tell: ${why}`, sections: [] };
}
