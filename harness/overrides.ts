import type { Registration } from "../laptop/program/provider";

/** Changes what a laptop stack makes of a resource that the program registers. */
export type Override = (registration: Registration) => Registration;

/** Each of these, in turn. */
export function overriding(...overrides: Override[]): Override {
  return (registration) => overrides.reduce((changed, override) => override(changed), registration);
}

/** Other values for some of a function's environment variables, which it must have. */
export function variablesOf(functionName: string, changed: Record<string, number>): Override {
  return inputsOf("aws:lambda/function:Function", functionName, ({ environment }) => {
    const { variables } = environment as { variables: Record<string, string> };
    for (const [key, value] of Object.entries(changed)) {
      if (!(key in variables)) throw new Error(`${functionName} has no ${key}`);
      variables[key] = String(value);
    }
    return { environment: { variables } };
  });
}

/** Another timeout of a function, and what it knows of it: its tries of a call take a sixth each. */
export function timeoutOf(functionName: string, seconds: number): Override {
  return overriding(
    variablesOf(functionName, { TIMEOUT_SECONDS: seconds }),
    inputsOf("aws:lambda/function:Function", functionName, () => ({ timeout: seconds })),
  );
}

/** A schedule of its own pace: laptops know fractions of a second. */
export function scheduleAt(seconds: number): Override {
  return inputsOf("aws:scheduler/schedule:Schedule", "reconcile-orders", () => ({
    scheduleExpression: `rate(${seconds} seconds)`,
  }));
}

/** Other inputs of the queue of orders; a redrive policy keeps its target. */
export function queueWith(
  visibilityTimeoutSeconds: number,
  maxReceiveCount: number | undefined,
): Override {
  return inputsOf("aws:sqs/queue:Queue", "orders", ({ redrivePolicy }) => {
    const policy = JSON.parse(String(redrivePolicy)) as object;
    return {
      visibilityTimeoutSeconds,
      ...(maxReceiveCount !== undefined && {
        redrivePolicy: JSON.stringify({ ...policy, maxReceiveCount }),
      }),
    };
  });
}

type Inputs = Record<string, unknown>;

function inputsOf(type: string, name: string, change: (inputs: Inputs) => Inputs): Override {
  return (registration) =>
    registration.type === type && registration.name === name
      ? { ...registration, inputs: { ...registration.inputs, ...change(registration.inputs) } }
      : registration;
}
