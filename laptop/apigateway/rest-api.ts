import { randomUUID } from "node:crypto";
import {
  array,
  create,
  defaulted,
  type Infer,
  number,
  object,
  optional,
  record,
  string,
  type,
  unknown,
} from "superstruct";
import { type Account, arn } from "../account";
import type { LogGroups } from "../cloudwatch/log-groups";
import type { OnEvent } from "../events";
import { defineProvider, type Provider } from "../program/provider";
import type { Route } from "./route";
import type { ApiGateway } from "./server";
import type { AccessLog, RestApi } from "./stage";

const INTEGRATION = "x-amazon-apigateway-integration";
const AUTH = "x-amazon-apigateway-auth";
const GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses";
const ANY_METHOD = "x-amazon-apigateway-any-method";
/** What awsx calls the security scheme of a route that wants an API key. */
const API_KEY = "api_key";

const texts = optional(record(string(), string()));
const operationStruct = type({
  [INTEGRATION]: type({ uri: string(), type: string() }),
  [AUTH]: optional(type({ type: string() })),
  security: defaulted(array(record(string(), unknown())), []),
});
/** An OpenAPI 2 document with API Gateway's extensions. */
const definitionStruct = type({
  paths: record(string(), record(string(), operationStruct)),
  [GATEWAY_RESPONSES]: defaulted(
    record(
      string(),
      type({
        statusCode: optional(number()),
        responseTemplates: texts,
        responseParameters: texts,
      }),
    ),
    {},
  ),
});

/** REST APIs that are defined by an OpenAPI document, as awsx makes them. */
export function restApiProvider(
  account: Account,
  restApis: Map<string, RestApi>,
  onEvent: OnEvent,
): Provider {
  return defineProvider({
    emulated: type({
      name: optional(string()),
      body: string(),
      binaryMediaTypes: defaulted(array(string()), []),
    }),
    withoutEffect: ["description", "endpointAccessMode", "endpointConfiguration", "securityPolicy"],
    create(id, { name = id, body, binaryMediaTypes }) {
      const definition = create(JSON.parse(body), definitionStruct);
      const routes = routesIn(definition.paths, onEvent);
      const gatewayResponses = definition[GATEWAY_RESPONSES];
      restApis.set(id, { id, name, binaryMediaTypes, routes, gatewayResponses });
      const executionArn = arn(account, "execute-api", id);
      return { id, outputs: { name, arn: executionArn, executionArn, binaryMediaTypes } };
    },
  });
}

function routesIn(paths: Infer<typeof definitionStruct>["paths"], onEvent: OnEvent): Route[] {
  return Object.entries(paths).flatMap(([resource, operations]) =>
    Object.entries(operations).map(([method, operation]) => {
      warnOfAuthorisation(`${method} ${resource}`, operation, onEvent);
      return {
        method: method === ANY_METHOD ? "ANY" : method.toUpperCase(),
        resource,
        functionArn: functionArnIn(operation[INTEGRATION].uri),
        apiKeyRequired: operation.security.some((scheme) => API_KEY in scheme),
      };
    }),
  );
}

function warnOfAuthorisation(
  route: string,
  { security, [AUTH]: auth }: Infer<typeof operationStruct>,
  onEvent: OnEvent,
): void {
  const schemes = [
    ...security.flatMap((scheme) => Object.keys(scheme)),
    ...(auth ? [auth.type] : []),
  ];
  for (const scheme of schemes.filter((name) => name !== API_KEY)) {
    const text = `${route}: authorisation by "${scheme}" is not checked on the laptop, every caller is allowed`;
    onEvent({ kind: "warning", text });
  }
}

function functionArnIn(uri: string): string {
  const functionArn =
    /^arn:aws:apigateway:[a-z0-9-]+:lambda:path\/[^/]+\/functions\/(arn:aws:lambda:[^/]+)\/invocations$/.exec(
      uri,
    )?.[1];
  if (functionArn === undefined || uri.includes("undefined")) {
    throw new Error(
      `${uri} is not a Lambda proxy integration, the only kind that runs on a laptop`,
    );
  }
  return functionArn;
}

/** Stages, which make an API callable. */
export function stageProvider(
  restApis: ReadonlyMap<string, RestApi>,
  gateway: Pick<ApiGateway, "url" | "deploy">,
  logGroups: LogGroups,
): Provider {
  return defineProvider({
    emulated: type({
      stageName: string(),
      restApi: string(),
      accessLogSettings: optional(object({ destinationArn: string(), format: string() })),
    }),
    withoutEffect: ["deployment", "description", "xrayTracingEnabled"],
    create(name, { stageName, restApi, accessLogSettings: settings }) {
      const api = restApis.get(restApi);
      if (!api) throw new Error(`the stage ${stageName} has no REST API`);
      const accessLog = settings && accessLogOf(stageName, settings, logGroups);
      gateway.deploy(stageName, api, accessLog);
      return { id: name, outputs: { invokeUrl: `${gateway.url}/${stageName}` } };
    },
  });
}

function accessLogOf(
  stageName: string,
  { destinationArn, format }: { destinationArn: string; format: string },
  logGroups: LogGroups,
): AccessLog {
  const group = /:log-group:([^:]+)(?::\*)?$/.exec(destinationArn)?.[1] ?? "";
  if (!logGroups.eventsOf(group)) {
    throw new Error(
      `the stage ${stageName} has its access log in ${destinationArn}, which is no log group here`,
    );
  }
  const stream = randomUUID().replaceAll("-", "");
  return {
    format,
    write: (message) => logGroups.write(group, { at: Date.now(), stream, message }),
  };
}

/** Deployments: a stage serves its API as it is registered. */
export function deploymentProvider(): Provider {
  return defineProvider({
    emulated: type({}),
    withoutEffect: ["description", "restApi", "triggers", "variables"],
    create: (name) => ({ id: name, outputs: {} }),
  });
}
