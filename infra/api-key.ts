import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { OrderApi } from "./api";
import type { StackConfig } from "./config";

/**
 * One API key with its usage plan for the API's stage. It tells callers apart and limits each; it does
 * not say who may do what.
 */
export class ApiKey extends pulumi.ComponentResource {
  /** Secret. */
  readonly value: pulumi.Output<string>;

  constructor(name: string, args: { api: OrderApi; usagePlan: StackConfig["usagePlan"] }) {
    super("order-processing:infra:ApiKey", name);
    const { rateLimit, burstLimit, quotaLimit, quotaPeriod } = args.usagePlan;
    const usagePlan = new aws.apigateway.UsagePlan(
      name,
      {
        apiStages: [{ apiId: args.api.id, stage: args.api.stageName }],
        throttleSettings: { rateLimit, burstLimit },
        quotaSettings: { limit: quotaLimit, period: quotaPeriod },
      },
      { parent: this },
    );
    const key = new aws.apigateway.ApiKey(name, {}, { parent: this });
    new aws.apigateway.UsagePlanKey(
      name,
      { keyId: key.id, keyType: "API_KEY", usagePlanId: usagePlan.id },
      { parent: this },
    );
    this.value = pulumi.secret(key.value);
    this.registerOutputs();
  }
}
