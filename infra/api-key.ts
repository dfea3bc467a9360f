import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "./config";

/** One API key with its usage plan for a stage. Gives the key's value, as a secret. */
export function makeApiKey(
  name: string,
  stage: { apiId: pulumi.Input<string>; stage: pulumi.Input<string> },
  { rateLimit, burstLimit, quotaLimit, quotaPeriod }: StackConfig["usagePlan"],
): pulumi.Output<string> {
  const usagePlan = new aws.apigateway.UsagePlan(name, {
    apiStages: [stage],
    throttleSettings: { rateLimit, burstLimit },
    quotaSettings: { limit: quotaLimit, period: quotaPeriod },
  });
  const key = new aws.apigateway.ApiKey(name);
  new aws.apigateway.UsagePlanKey(name, {
    keyId: key.id,
    keyType: "API_KEY",
    usagePlanId: usagePlan.id,
  });
  return pulumi.secret(key.value);
}
