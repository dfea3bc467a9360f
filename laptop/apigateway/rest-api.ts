import {
  array,
  create,
  defaulted,
  number,
  optional,
  record,
  string,
  type,
  unknown,
  type Infer,
} from "superstruct";
import type { Route } from "./route";
import { arn, type Cloud, type Resource } from "../cloud";

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

export function makeRestApi(name: string, inputs: unknown, cloud: Cloud): Resource {
  const struct = type({
    body: string(),
    binaryMediaTypes: defaulted(array(string()), []),
    policy: optional(unknown()),
  });
  const { body, binaryMediaTypes, policy } = create(inputs, struct);
  if (policy !== undefined) {
    const text = `the policy of the API ${name} is not checked on a laptop, all are let in`;
    cloud.onEvent({ kind: "warning", text });
  }
  const { paths, [GATEWAY_RESPONSES]: gatewayResponses } = create(
    JSON.parse(body),
    definitionStruct,
  );
  const routes = Object.entries(paths).flatMap(([resource, operations]) =>
    Object.entries(operations).map(([method, operation]): Route => {
      warnOfAuthorisation(`${method} ${resource}`, operation, cloud);
      return {
        method: method === ANY_METHOD ? "ANY" : method.toUpperCase(),
        resource,
        functionArn: functionArnIn(operation[INTEGRATION].uri),
        apiKeyRequired: operation.security.some((scheme) => API_KEY in scheme),
      };
    }),
  );
  cloud.restApis.set(name, { id: name, binaryMediaTypes, routes, gatewayResponses });
  const executionArn = arn(cloud, "execute-api", name);
  return { id: name, outputs: { arn: executionArn, executionArn, binaryMediaTypes } };
}

function warnOfAuthorisation(
  route: string,
  { security, [AUTH]: auth }: Infer<typeof operationStruct>,
  { onEvent }: Cloud,
): void {
  const schemes = [
    ...security.flatMap((scheme) => Object.keys(scheme)),
    ...(auth ? [auth.type] : []),
  ];
  for (const scheme of schemes.filter((name) => name !== API_KEY)) {
    const text = `${route}: authorisation by "${scheme}" is not checked on a laptop, all are let in`;
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

export function makeStage(name: string, inputs: unknown, { restApis, gateway }: Cloud): Resource {
  const { stageName, restApi } = create(inputs, type({ stageName: string(), restApi: string() }));
  const api = restApis.get(restApi);
  if (!api) throw new Error(`the stage ${stageName} has no REST API`);
  gateway.deploy(stageName, api);
  return { id: name, outputs: { invokeUrl: `${gateway.url}/${stageName}` } };
}

export function makeMethodSettings(name: string, inputs: unknown, cloud: Cloud): Resource {
  const struct = type({
    stageName: string(),
    methodPath: string(),
    settings: type({
      throttlingRateLimit: optional(number()),
      throttlingBurstLimit: optional(number()),
    }),
  });
  const { stageName, settings } = create(inputs, struct);
  const { throttlingRateLimit: rate, throttlingBurstLimit: burst } = settings;
  if (rate !== undefined && burst !== undefined)
    cloud.gateway.setThrottle(stageName, { rate, burst });
  return { id: name, outputs: {} };
}
