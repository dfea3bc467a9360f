import { rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";

/** The stack that is measured: the defaults but for the throttle, which would be the only thing measured. */
export const STACK = "bench";

const CONFIG = `config:
  aws:region: eu-west-1
  order-processing:throttle:
    rateLimit: 10000
    burstLimit: 5000
`;

/** Gives what removes it. */
export function writeStackFile(directory: string): () => void {
  const file = path.join(directory, `Pulumi.${STACK}.yaml`);
  writeFileSync(file, CONFIG);
  return () => rmSync(file, { force: true });
}
