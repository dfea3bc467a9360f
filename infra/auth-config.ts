import * as pulumi from "@pulumi/pulumi";
import type { Infer } from "superstruct";
import { rule, text, withDefaults } from "./config-rules";

/** Without an issuer the API is open. */
export const AUTH_DEFAULTS = {
  issuer: "",
  audience: "",
  /** "": where Cognito and Auth0 have it, see keysOf. */
  jwksUri: "",
  customerClaim: "sub",
  staffClaim: "scope",
  /** "": nobody is staff. */
  staffValue: "",
};

export const auth = withDefaults(AUTH_DEFAULTS, {
  issuer: httpsUrl("the https URL of an OpenID Connect issuer, as its tokens have it in `iss`"),
  audience: anyText(),
  jwksUri: httpsUrl("the https URL of the issuer's keys"),
  customerClaim: text(),
  staffClaim: text(),
  staffValue: rule<string>(
    (value) => typeof value === "string" && /^\S*$/.test(value),
    'one value without spaces, or ""',
  ),
});

export type AuthConfig = Infer<typeof auth>;

/** "" as well: no issuer. */
function httpsUrl(what: string) {
  return rule<string>((value) => value === "" || isHttpsUrl(value), `${what}, or ""`);
}

function isHttpsUrl(value: unknown): boolean {
  if (typeof value !== "string" || !URL.canParse(value)) return false;
  const { protocol, username, search, hash } = new URL(value);
  return protocol === "https:" && `${username}${search}${hash}` === "" && !/\s/.test(value);
}

function anyText() {
  return rule<string>((value) => typeof value === "string", "a string");
}

/** What a stack's keys say against each other: half a configuration must not leave the API open. */
export function authContradiction({ issuer, audience, ...others }: AuthConfig): string | undefined {
  if (issuer !== "") {
    return audience === ""
      ? "auth.audience is missing: without it every token of the issuer would do, whomever it is for."
      : undefined;
  }
  const defaults: Record<string, string> = AUTH_DEFAULTS;
  const set = Object.entries({ audience, ...others }).find(
    ([key, value]) => value !== defaults[key],
  );
  return set && `auth.${set[0]} is set, but auth.issuer is not: the API would be open.`;
}

/** Where the issuer's keys are. */
function keysOf({ issuer, jwksUri }: AuthConfig): string {
  return jwksUri === "" ? `${issuer.replace(/\/$/, "")}/.well-known/jwks.json` : jwksUri;
}

export function isClosed({ issuer }: AuthConfig): boolean {
  return issuer !== "";
}

export function warnOfOpenApi(): void {
  void pulumi.log.warn(
    "The API is open: whoever knows its URL may order for every customer, and read and cancel every order " +
      "whose id they have. Set auth.issuer and auth.audience to close it (docs/identity.md).",
  );
}

/** What authorize-caller needs to know of tokens. */
export function authorizerVariables(auth: AuthConfig): Record<string, string> {
  const { issuer, audience, customerClaim, staffClaim, staffValue } = auth;
  return {
    ISSUER: issuer,
    AUDIENCE: audience,
    JWKS_URI: keysOf(auth),
    CUSTOMER_CLAIM: customerClaim,
    STAFF_CLAIM: staffClaim,
    ...(staffValue !== "" && { STAFF_VALUE: staffValue }),
  };
}
