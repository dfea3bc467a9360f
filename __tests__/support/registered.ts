import type { Registration } from "../../local/resources";

interface FunctionInputs {
  environment?: { variables?: Record<string, string> };
}

/** For `startLocalStack`: gives functions that have these environment variables other values for them. */
export function withEnvironment(changed: Record<string, string>) {
  return (registration: Registration): Registration => {
    if (registration.type !== "aws:lambda/function:Function") return registration;
    const { environment } = registration.inputs as FunctionInputs;
    const variables = Object.entries(environment?.variables ?? {});
    const replaced = variables.map(([name, value]) => [name, changed[name] ?? value]);
    const inputs = {
      ...registration.inputs,
      environment: { ...environment, variables: Object.fromEntries(replaced) as unknown },
    };
    return { ...registration, inputs };
  };
}
