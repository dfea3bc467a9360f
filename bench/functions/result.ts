import type { Spread } from "../spread";

export interface FunctionsResult {
  /** As the program registers them, by name. */
  archives: ArchiveSize[];
  nodes: NodeFigures[];
  /** What the figures are of. */
  samples: Samples;
}

/** Bytes of an archive's files, and of the zip file that is uploaded: deflated at zlib's default level. */
export interface ArchiveSize {
  name: string;
  zippedBytes: number;
  unzippedBytes: number;
}

export interface Samples {
  /** New processes for the init of each archive. */
  inits: number;
  /** Invocations before the first round. */
  warmUp: number;
  /** Rounds of a function, each beside one of its floor. */
  rounds: number;
  /** In a round. */
  invocations: number;
}

export interface NodeFigures {
  /** As in the options. */
  name: string;
  /** Such as `v20.20.2`; undefined where this Node was not found. */
  version: string | undefined;
  /** None where it was not found. */
  functions: FunctionFigures[];
}

export interface FunctionFigures {
  name: string;
  init: Init;
  /** Of the functions that are invoked. */
  warm?: Warm;
}

/** From before the archive is required until its handler is there, with its clients, in a new process. */
export interface Init {
  wallMilliseconds: Spread;
  /** Of all the process's threads. */
  cpuMilliseconds: Spread;
}

/** An invocation in a process that has run many, against the same SDK calls with nothing around them. */
export interface Warm {
  /** Such as `dynamodb:PutItem`, in the order in which an invocation makes them. */
  calls: string[];
  /** CPU of an invocation, of all the process's threads; the spread is that of the rounds' means. */
  cpuMilliseconds: Spread;
  floorCpuMilliseconds: Spread;
  /** The function's by the floor's, of each pair of rounds. */
  ratio: Spread;
  floorInit: Init;
}
