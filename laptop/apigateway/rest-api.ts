import { randomUUID } from "node:crypto";
import {
  array,
  assign,
  create,
  defaulted,
  type Infer,
  never,
  number,
  object,
  optional,
  record,
  string,
  type,
} from "superstruct";
import { type Account, arn } from "../account";
import type { LogGroups } from "../cloudwatch/log-groups";
import type { Iam } from "../iam/authorizer";
import { roleAssumedBy } from "../iam/role";
import { defineProvider, type Provider } from "../program/provider";
import { functionArnIn } from "./invocation-uri";
import type { Route } from "./route";
import { guardsOf, securedStruct } from "./security";
import { type AssumeRole, schemesStruct } from "./security-scheme";
import type { ApiGateway } from "./server";
import type { AccessLog, RestApi } from "./stage";

export const INTEGRATION = "x-amazon-apigateway-integration";
const GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses";
const ANY_METHOD = "x-amazon-apigateway-any-method";
const API_GATEWAY = { principal: "apigateway.amazonaws.com", name: "API Gateway" };

const texts = optional(record(string(), string()));
const operationStruct = assign(
  type({ [INTEGRATION]: type({ uri: string(), type: string() }) }),
  securedStruct,
);
/** An OpenAPI 2 document with API Gateway's extensions. */
const definitionStruct = type({
  paths: record(string(), record(string(), operationStruct)),
  security: optional(never()),
  securityDefinitions: schemesStruct,
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

const restApiStruct = type({
  name: optional(string()),
  body: string(),
  binaryMediaTypes: defaulted(array(string()), []),
});

/** REST APIs that are defined by an OpenAPI document, as awsx makes them. */
export function restApiProvider(
  account: Account,
  iam: Iam,
  restApis: Map<string, RestApi>,
): Provider {
  return defineProvider({
    emulated: restApiStruct,
    withoutEffect: ["description", "endpointAccessMode", "endpointConfiguration", "securityPolicy"],
    create(id, inputs) {
      const api = definitionOf(id, inputs, iam);
      restApis.set(id, api);
      const { name, binaryMediaTypes } = api;
      const executionArn = arn(account, "execute-api", id);
      return {
        id,
        outputs: { name, arn: executionArn, executionArn, binaryMediaTypes },
        // Its stages have it, with their throttles.
        update: (other) => void Object.assign(api, definitionOf(id, other, iam)),
        dispose: () => void restApis.delete(id),
      };
    },
  });
}

function definitionOf(
  id: string,
  { name = id, body, binaryMediaTypes }: Infer<typeof restApiStruct>,
  iam: Iam,
): RestApi {
  const definition = create(JSON.parse(body), definitionStruct);
  const routes = routesIn(definition, (authorizer, roleArn) => {
    // An access key id that no function can have.
    const caller = `${id}.${authorizer}.authorizer`;
    const what = `the authorizer ${authorizer}`;
    iam.rolesByCaller.set(caller, roleAssumedBy(API_GATEWAY, what, roleArn, iam));
    return caller;
  });
  const gatewayResponses = definition[GATEWAY_RESPONSES];
  return { id, name, binaryMediaTypes, routes, gatewayResponses };
}

function routesIn(
  { paths, securityDefinitions: schemes }: Infer<typeof definitionStruct>,
  assumeRole: AssumeRole,
): Route[] {
  return Object.entries(paths).flatMap(([resource, operations]) =>
    Object.entries(operations).map(([key, operation]) => {
      const method = key === ANY_METHOD ? "ANY" : key.toUpperCase();
      return {
        method,
        resource,
        functionArn: integratedFunction(operation[INTEGRATION].uri),
        ...guardsOf(`${method} ${resource}`, operation, schemes, assumeRole),
      };
    }),
  );
}

function integratedFunction(uri: string): string {
  const functionArn = functionArnIn(uri);
  if (functionArn !== undefined) return functionArn;
  throw new Error(`${uri} is not a Lambda proxy integration, the only kind that runs on a laptop`);
}

/** Stages, which make an API callable. */
export function stageProvider(
  restApis: ReadonlyMap<string, RestApi>,
  gateway: Pick<ApiGateway, "url" | "deploy">,
  logGroups: LogGroups,
): Provider {
  return defineProvider({
    kept: {},
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
