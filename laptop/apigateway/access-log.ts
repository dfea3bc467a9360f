import type { AuthorizerContext } from "./authorizer";
import type { Outcome } from "./pipeline";
import type { Route } from "./route";

/** A request of which a stage's access log says something. */
export interface LoggedRequest {
  requestId: string;
  method: string;
  /** Without the stage. */
  path: string;
  /** Undefined where there is none. */
  route: Route | undefined;
  ip: string;
  started: Date;
  milliseconds: number;
  /** What the route's authorizer has said of the caller. */
  authorizer?: AuthorizerContext | undefined;
  outcome: Outcome;
}

/** A line of a stage's access log. `$context.` variables that the laptop does not know are "-", as in AWS. */
export function accessLogLine(format: string, request: LoggedRequest): string {
  const values = valuesOf(request);
  return format.replaceAll(/\$context\.([\w.]*\w)/g, (_variable, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    // The format may be JSON, and a path anything.
    return value === undefined ? "-" : JSON.stringify(String(value)).slice(1, -1);
  });
}

function valuesOf(request: LoggedRequest): Record<string, string | number | undefined> {
  const { requestId, started, outcome } = request;
  const { response, api, errorType, integrationMilliseconds } = outcome;
  const ofAuthorizer = Object.entries(request.authorizer ?? {}).map(([name, value]) => [
    `authorizer.${name}`,
    value,
  ]);
  return {
    ...(Object.fromEntries(ofAuthorizer) as AuthorizerContext),
    requestId,
    extendedRequestId: requestId,
    stage: api?.stage,
    httpMethod: request.method,
    path: `/${api?.stage ?? ""}${request.path}`,
    resourcePath: request.route?.resource,
    status: response.status,
    responseLatency: request.milliseconds,
    responseLength: response.body.length,
    "integration.latency": integrationMilliseconds,
    integrationLatency: integrationMilliseconds,
    "error.responseType": errorType,
    "identity.sourceIp": request.ip,
    requestTime: started.toUTCString(),
    requestTimeEpoch: started.getTime(),
  };
}
