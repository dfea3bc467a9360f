import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import {
  array,
  defaulted,
  type Infer,
  object,
  optional,
  string,
  type,
  validate,
} from "superstruct";

const ownStruct = object({
  /** Path of its OpenAPI contract, relative to package.json. */
  openapi: optional(string()),
  /** Where `--orders` posts each line to: method and path below the stage, such as `POST /orders`. */
  orders: optional(string()),
  /** What an operator may run; `{awsEndpoint}` stands for the URL of the running stack. */
  commands: defaulted(array(object({ name: string(), title: string(), run: string() })), []),
});
const manifestStruct = type({ laptop: defaulted(ownStruct, {}) });

/** What the laptop knows of a program only because the program says so. */
export type ProgramManifest = Infer<typeof ownStruct>;

/** The key `laptop` of the program's package.json. */
export function readPackageJson(directory: string): ProgramManifest {
  const file = path.join(directory, "package.json");
  const manifest: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const [failure, value] = validate(manifest, manifestStruct, { coerce: true });
  if (failure) throw new Error(`package.json: ${failure.message}`);
  return value.laptop;
}
