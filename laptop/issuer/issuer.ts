import type { IncomingMessage, RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import { defaulted, enums, object, record, string, unknown, validate } from "superstruct";
import type { StandIns } from "../stand-ins";
import { type ConfiguredIssuer, configuredIssuer } from "./configured-issuer";
import { ALGORITHMS, generateKeys } from "./keys";

/** Below it the gateway's own server serves the issuer. */
const PATH = "/_laptop/issuer";
const METADATA = "/.well-known/openid-configuration";
const KEYS = "/.well-known/jwks.json";
const TOKEN_SECONDS = 3600;

/** Stands in for a configured issuer: keys, and tokens for whoever asks. */
export interface Issuer {
  /** As it is configured. */
  name: string;
  path: string;
  handle: RequestListener;
  /** What functions fetch from the configured issuer, when the gateway has this URL. */
  standIns(gatewayUrl: string): StandIns;
}

/** The one that stands in for the issuer of a program's config; undefined where there is none. */
export function issuerOf(program: Parameters<typeof configuredIssuer>[0]): Issuer | undefined {
  const configured = configuredIssuer(program);
  return configured && makeIssuer(configured);
}

interface Response {
  status: number;
  body: object;
}

/**
 * An issuer with key pairs of its own, new at each start. `POST …/token` takes `{ claims, alg? }` and gives
 * `{ token }`, with iss, iat and exp where the claims have none.
 */
export function makeIssuer(
  { issuer, jwksUri }: ConfiguredIssuer,
  now: () => number = Date.now,
): Issuer {
  let generated: ReturnType<typeof generateKeys> | undefined;
  const keys = () => (generated ??= generateKeys());
  const routes: Record<string, (request: IncomingMessage) => Promise<Response>> = {
    [`GET ${METADATA}`]: ({ headers }) =>
      Promise.resolve(ok(metadata(issuer, jwksUri, `http://${headers.host ?? ""}${PATH}`))),
    [`GET ${KEYS}`]: async () => ok({ keys: Object.values(await keys()).map(({ jwk }) => jwk) }),
    "POST /token": async (request) => {
      const asked = parseTokenRequest(await text(request));
      if (typeof asked === "string") return { status: 400, body: { message: asked } };
      const claims = { ...lifetime(asked.claims, now()), iss: issuer, ...asked.claims };
      return ok({ token: (await keys())[asked.alg].signToken(claims) });
    },
  };
  return {
    name: issuer,
    path: PATH,
    handle(request, response) {
      const path = request.url?.split("?")[0]?.slice(PATH.length) ?? "";
      const respond = routes[`${request.method ?? ""} ${path}`] ?? notFound;
      respond(request)
        .then(({ status, body }) => {
          response.writeHead(status, { "content-type": "application/json" });
          response.end(JSON.stringify(body));
        })
        .catch(() => response.destroy());
    },
    standIns: (url) => ({ [issuer]: `${url}${PATH}`, [jwksUri]: `${url}${PATH}${KEYS}` }),
  };
}

function ok(body: object): Response {
  return { status: 200, body };
}

function lifetime({ iat }: Record<string, unknown>, now: number): { iat: number; exp: number } {
  const issuedAt = typeof iat === "number" ? iat : Math.floor(now / 1000);
  return { iat: issuedAt, exp: issuedAt + TOKEN_SECONDS };
}

function notFound(): Promise<Response> {
  const message = `There are GET ${METADATA}, GET ${KEYS} and POST /token below ${PATH}.`;
  return Promise.resolve({ status: 404, body: { message } });
}

/** As the configured issuer would give it, but for where tokens are to be had. */
function metadata(issuer: string, jwksUri: string, localUrl: string): object {
  return {
    issuer,
    jwks_uri: jwksUri,
    token_endpoint: `${localUrl}/token`,
    id_token_signing_alg_values_supported: ALGORITHMS,
    response_types_supported: ["token"],
    subject_types_supported: ["public"],
  };
}

const tokenRequestStruct = object({
  claims: record(string(), unknown()),
  alg: defaulted(enums(ALGORITHMS), "RS256"),
});

/** A sentence for what is wrong with it. */
function parseTokenRequest(body: string) {
  const shape = `{ "claims": { … }, "alg": "RS256" or "ES256" }`;
  try {
    const [failure, asked] = validate(JSON.parse(body), tokenRequestStruct, { coerce: true });
    return failure ? `The body must be ${shape}: ${failure.message}.` : asked;
  } catch {
    return `The body must be JSON: ${shape}.`;
  }
}
