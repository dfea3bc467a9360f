import { array, create, defaulted, number, optional, record, string, type } from "superstruct";
import type { RestApi, Route } from "../api-gateway";
import { arn, type Cloud, type Resource } from "../cloud";

export function makeRestApi(name: string, inputs: unknown, cloud: Cloud): Resource {
  const struct = type({ body: string(), binaryMediaTypes: defaulted(array(string()), []) });
  const { body, binaryMediaTypes } = create(inputs, struct);
  cloud.restApis.set(name, { id: name, binaryMediaTypes, ...parseDefinition(body) });
  const executionArn = arn(cloud, "execute-api", name);
  return { id: name, outputs: { arn: executionArn, executionArn, binaryMediaTypes } };
}

const INTEGRATION = "x-amazon-apigateway-integration";
const GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses";
const ANY_METHOD = "x-amazon-apigateway-any-method";

/** Routes and gateway responses of an OpenAPI 2 document with API Gateway's extensions. */
function parseDefinition(body: string): Pick<RestApi, "routes" | "gatewayResponses"> {
  const texts = optional(record(string(), string()));
  const operation = type({ [INTEGRATION]: type({ uri: string(), type: string() }) });
  const gatewayResponse = type({
    statusCode: optional(number()),
    responseTemplates: texts,
    responseParameters: texts,
  });
  const document = create(
    JSON.parse(body),
    type({
      paths: record(string(), record(string(), operation)),
      [GATEWAY_RESPONSES]: defaulted(record(string(), gatewayResponse), {}),
    }),
  );
  const routes = Object.entries(document.paths).flatMap(([resource, operations]) =>
    Object.entries(operations).map(
      ([
        method,
        {
          [INTEGRATION]: { uri },
        },
      ]): Route => ({
        method: method === ANY_METHOD ? "ANY" : method.toUpperCase(),
        resource,
        functionArn: functionArnIn(uri),
      }),
    ),
  );
  return { routes, gatewayResponses: document[GATEWAY_RESPONSES] };
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
