import { defaulted, string, type, validate } from "superstruct";
import type { Program } from "../program/evaluate";

/** An OpenID issuer, whose tokens a program takes. */
export interface ConfiguredIssuer {
  issuer: string;
  /** Where its public keys are. */
  jwksUri: string;
}

const authStruct = type({ issuer: string(), jwksUri: defaulted(string(), "") });

/**
 * The issuer in a program's config, by this convention: `<project>:auth` is an object with `issuer`, and
 * `jwksUri` where that is not `<issuer>/.well-known/jwks.json`. Undefined where it is not there, or "".
 */
export function configuredIssuer({
  project,
  config,
}: Pick<Program, "project" | "config">): ConfiguredIssuer | undefined {
  const [, auth] = validate(parseJson(config[`${project}:auth`]), authStruct, { coerce: true });
  if (!auth || auth.issuer === "") return undefined;
  const { issuer, jwksUri } = auth;
  return { issuer, jwksUri: jwksUri || `${issuer.replace(/\/$/, "")}/.well-known/jwks.json` };
}

function parseJson(text = ""): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
