import type { PeekedMessage } from "../endpoint/emulators";
import type { ProgramManifest } from "../program/package-json";
import type { Registered } from "../program/resources";
import type { ResetResult } from "../reset";
import type { State } from "../state";
import type { Contract } from "./contract";
import type { Watchable } from "./updates";

/** What the console shows, and what its buttons do. */
export interface ConsoleStack extends Watchable, Pick<State, "iam"> {
  program: { project: string; stack: string; directory: string };
  manifest: ProgramManifest;
  /** Undefined where the program has none that can be read. */
  contract: () => Contract | undefined;
  /** The URL at which AWS clients find the stack. */
  awsEndpoint: () => string;
  registeredResources: () => readonly Registered[];
  stackOutputs: () => Readonly<Record<string, unknown>>;
  peek: (queue: string) => Promise<PeekedMessage[]>;
  /** Empties tables and queues. */
  reset: () => Promise<ResetResult>;
}

/** What is answered with another status than 200. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}
