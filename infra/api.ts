import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import type { AccessLogs } from "./access-logs";
import { TokenAuthorizer } from "./authorizer";
import type { StackConfig } from "./config";
import { gatewayResponses } from "./gateway-responses";

export interface OrderApiArgs {
  routes: { method: "GET" | "POST" | "DELETE"; path: string; function: aws.lambda.Function }[];
  requireApiKey: boolean;
  /** Of all routes; without it everyone may call them. */
  authorizer: aws.lambda.Function | undefined;
  throttle: StackConfig["throttle"];
  accessLogs: AccessLogs | undefined;
}

/** The REST API, deployed to a stage of the stack's name. The one place that knows awsx. */
export class OrderApi extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly stageName: pulumi.Output<string>;
  /** Ends in "/". */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: OrderApiArgs) {
    super("order-processing:infra:OrderApi", name);
    const { routes, requireApiKey, authorizer, throttle, accessLogs } = args;
    // The same object for all routes, or awsx takes it for several of one name.
    const authorizers = authorizer && [this.authorizer(authorizer)];
    const api = new awsx.classic.apigateway.API(
      name,
      {
        // A stage's name has letters, digits, "-" and "_" only; a stack's also ".".
        stageName: pulumi.getStack().replaceAll(/[^A-Za-z0-9_-]/g, "-"),
        routes: routes.map(({ function: eventHandler, ...route }) => ({
          ...route,
          eventHandler,
          apiKeyRequired: requireApiKey,
          ...(authorizers && { authorizers }),
        })),
        gatewayResponses: gatewayResponses(authorizer !== undefined),
        restApiArgs: restApiArgs(),
        stageArgs: stageArgs(accessLogs),
      },
      { parent: this },
    );
    const { stageName } = api.stage;
    new aws.apigateway.MethodSettings(
      name,
      {
        restApi: api.restAPI,
        stageName,
        methodPath: "*/*",
        settings: {
          throttlingRateLimit: throttle.rateLimit,
          throttlingBurstLimit: throttle.burstLimit,
        },
      },
      { parent: this },
    );
    this.id = api.restAPI.id;
    this.name = api.restAPI.name;
    this.stageName = stageName;
    this.url = api.url;
    this.registerOutputs();
  }

  /** With credentials awsx adds nothing of its own, such as a permission for all of API Gateway. */
  private authorizer(function_: aws.lambda.Function): awsx.classic.apigateway.LambdaAuthorizer {
    const name = "authorize-caller";
    const { invoker, tokenPattern, cacheSeconds } = new TokenAuthorizer(
      name,
      { function: function_ },
      { parent: this },
    );
    return awsx.classic.apigateway.getTokenLambdaAuthorizer({
      authorizerName: name,
      handler: { uri: function_, credentials: invoker },
      identityValidationExpression: tokenPattern,
      authorizerResultTtlInSeconds: cacheSeconds,
    });
  }
}

function stageArgs(accessLogs: AccessLogs | undefined) {
  const logged = accessLogs && { accessLogSettings: accessLogs.stageSettings };
  return { xrayTracingEnabled: true, ...logged };
}

function restApiArgs(): aws.apigateway.RestApiArgs {
  return {
    // CloudWatch tells APIs apart by this name alone.
    name: `${pulumi.getProject()}-${pulumi.getStack()}`,
    endpointConfiguration: { types: "REGIONAL" },
    // awsx's own default, every type, would turn each JSON body into base64.
    binaryMediaTypes: ["application/octet-stream"],
    // Without it the default endpoint accepts TLS 1.0.
    securityPolicy: "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09",
    endpointAccessMode: "BASIC",
  };
}
