import { CONCURRENT_INVOCATIONS } from "../laptop/apigateway/integration";
import type { Service } from "../laptop/aws-call";
import type { FaultKind } from "../laptop/endpoint/fault-injection";
import type { LambdaFunction } from "../laptop/lambda/execution-environments";
import type { Scene } from "./stack";

/** Ends what was begun. */
export type End = () => Promise<void> | void;

/** An order for the rehearsal's business step. */
export function orderWith(metadata: object): object {
  return { customerId: "rehearsal", items: [{ sku: "a" }], metadata };
}

export function failCalls(scene: Scene, service: Service, kind: FaultKind): End {
  scene.failCalls((call) => (call.service === service ? kind : undefined));
  return () => scene.failCalls(() => undefined);
}

/** Takes the statement with this action out of the function's own policy. */
export function deny({ laptop }: Scene, functionName: string, action: string): End {
  const role = laptop.iam.rolesByCaller.get(functionName);
  const policy = role?.policies.get(functionName);
  const rest = policy?.filter((statement) => !JSON.stringify(statement).includes(action));
  if (!role || !policy || rest?.length !== policy.length - 1) {
    throw new Error(`the role of ${functionName} has no statement about ${action}`);
  }
  role.policies.set(functionName, rest);
  return () => {
    role.policies.set(functionName, policy);
  };
}

function functionOf({ functions }: Scene["laptop"], name: string): LambdaFunction {
  const found = [...functions.byArn.values()].find((each) => each.name === name);
  if (!found) throw new Error(`there is no function ${name}`);
  return found;
}

/** New execution environments in the place of all that a function has. */
export async function restart(laptop: Scene["laptop"], name: string): Promise<void> {
  await functionOf(laptop, name).updateCode({});
}

export async function deploy(laptop: Scene["laptop"], name: string, code: string): Promise<End> {
  const target = functionOf(laptop, name);
  const deployed = await target.updateCode({ "__index.js": code });
  return async () => {
    await target.updateCode(deployed);
  };
}

/** More than run at once, over and over. */
const AT_ONCE = 1.5 * CONCURRENT_INVOCATIONS;

export function flood({ laptop }: Scene): End {
  const load = { isOver: false };
  const post = () => laptop.post("{").then((response) => response.arrayBuffer());
  const flooding = (async () => {
    while (!load.isOver) await Promise.all(Array.from({ length: AT_ONCE }, post));
  })();
  flooding.catch(() => undefined);
  return async () => {
    load.isOver = true;
    await flooding;
  };
}
