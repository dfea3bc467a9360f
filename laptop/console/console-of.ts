import type { Emulators } from "../endpoint/emulators";
import type { Outages } from "../endpoint/outages";
import type { Program } from "../program/evaluate";
import { readPackageJson } from "../program/package-json";
import type { State } from "../state";
import { type Console, makeConsole } from "./console";
import { type Contract, readContract } from "./contract";

/** The console of a stack; `state.url` is its address once it listens. */
export function consoleOf(
  { project, stack, directory }: Program,
  state: State,
  outages: Outages,
  emulators: Emulators,
): Console {
  const manifest = readPackageJson(directory);
  let contract: { found: Contract | undefined } | undefined;
  return makeConsole({
    ...state,
    program: { project, stack, directory },
    manifest,
    outages,
    contract: () => {
      contract ??= { found: contractOf(directory, manifest.openapi, state) };
      return contract.found;
    },
    awsEndpoint: () => state.url,
    registeredResources: () => [...state.registered.values()],
    stackOutputs: () => state.outputs ?? {},
    peek: (queue) => emulators.peek(queue),
    reset: () => Promise.reject(new Error("not yet")),
  });
}

/** Read when the page first asks for it: it takes a while. */
function contractOf(
  directory: string,
  file: string | undefined,
  { onEvent }: Pick<State, "onEvent">,
): Contract | undefined {
  if (file === undefined) return undefined;
  try {
    return readContract(directory, file);
  } catch (error) {
    onEvent({ kind: "warning", text: `the console has no contract: ${(error as Error).message}` });
    return undefined;
  }
}
