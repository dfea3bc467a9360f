import { stackOutputs } from "../support/stack-outputs";

const OF_CLOSED_STACKS = ["authorize-caller", "list-orders"];

function named(prefix: string): Record<string, string> {
  return Object.fromEntries(OF_CLOSED_STACKS.map((name) => [name, `${prefix}${name}-1234567`]));
}

/** The same of a stack that wants tokens. */
export function closedOutputs() {
  const { functionNames, logGroupNames, ...others } = stackOutputs("closed");
  return {
    ...others,
    auth: {
      issuer: "https://issuer.example.com/",
      audience: "order-processing",
      jwksUri: "",
      customerClaim: "sub",
      staffClaim: "scope",
      staffValue: "orders:staff",
    },
    functionNames: { ...functionNames, ...named("") },
    logGroupNames: { ...logGroupNames, ...named("/aws/lambda/order-processing-closed-") },
  };
}
