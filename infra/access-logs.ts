import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { METRIC_NAMESPACE, STACK_DIMENSION } from "../handlers/metrics";
import type { Metric } from "./metrics";

const THROTTLED_REQUESTS = "RequestsThrottled";

/**
 * The API's access log, and the metric that CloudWatch makes of it: API Gateway counts throttled requests
 * nowhere. It writes only where the region's account has a role for it (docs/operations.md).
 */
export class AccessLogs extends pulumi.ComponentResource {
  readonly stageSettings: aws.types.input.apigateway.StageAccessLogSettings;
  readonly throttledRequests: Metric;

  constructor(name: string, { logRetentionDays }: { logRetentionDays: number }) {
    super("order-processing:infra:AccessLogs", name);
    const stack = pulumi.getStack();
    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-access`,
      {
        namePrefix: `/aws/apigateway/${pulumi.getProject()}-${stack}-`,
        retentionInDays: logRetentionDays,
      },
      { parent: this },
    );
    new aws.cloudwatch.LogMetricFilter(
      `${name}-throttled`,
      {
        logGroupName: logGroup.name,
        pattern: '{ $.status = "429" }',
        metricTransformation: {
          namespace: METRIC_NAMESPACE,
          name: THROTTLED_REQUESTS,
          value: "1",
          unit: "Count",
          // A dimension of a metric filter is a field of the entry.
          dimensions: { [STACK_DIMENSION]: `$.${STACK_DIMENSION}` },
        },
      },
      { parent: this },
    );
    this.stageSettings = { destinationArn: logGroup.arn, format: entryOf(stack) };
    this.throttledRequests = {
      namespace: METRIC_NAMESPACE,
      name: THROTTLED_REQUESTS,
      dimensions: { [STACK_DIMENSION]: stack },
    };
    this.registerOutputs();
  }
}

/** No address, no user agent and no path as it was sent: these may be personal data. */
function entryOf(stack: string): string {
  return JSON.stringify({
    [STACK_DIMENSION]: stack,
    requestTime: "$context.requestTime",
    requestId: "$context.requestId",
    xrayTraceId: "$context.xrayTraceId",
    httpMethod: "$context.httpMethod",
    resourcePath: "$context.resourcePath",
    status: "$context.status",
    errorType: "$context.error.responseType",
    responseLatency: "$context.responseLatency",
    integrationLatency: "$context.integration.latency",
    apiKeyId: "$context.identity.apiKeyId",
  });
}
