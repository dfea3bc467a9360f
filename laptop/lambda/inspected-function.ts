import { withSourceMap } from "../inspect/source-maps";
import type { Inspection } from "../inspection";
import { makeSemaphore } from "../semaphore";
import type { LambdaFunction } from "./execution-environments";

/** An inspection of a running stack, which has a directory for source maps. */
export interface MappedInspection extends Inspection {
  mapsDirectory: string;
}

/** The function with one event at a time, so that one debugger sees them all. */
export function inspectedFunction(
  lambda: LambdaFunction,
  inspection: MappedInspection,
): LambdaFunction {
  const turn = makeSemaphore(1);
  return {
    ...lambda,
    async invoke(event, cause) {
      const release = await turn.acquire();
      try {
        return await lambda.invoke(event, cause);
      } finally {
        release();
      }
    },
    updateCode: (files) => lambda.updateCode(withSourceMaps(files, inspection)),
  };
}

export function withSourceMaps(
  files: Record<string, string>,
  { mapsDirectory }: MappedInspection,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name, withSourceMap(mapsDirectory, text)]),
  );
}
