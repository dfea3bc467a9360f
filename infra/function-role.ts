import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow } from "./policies";

/** What a function does with a customer-managed KMS key. */
export interface KeyUse {
  /** "" where there is none. */
  kmsKeyArn: string;
  actions: ("kms:Decrypt" | "kms:GenerateDataKey")[];
}

/**
 * The role of a function, made before everything that is encrypted, with its grants on the key. A
 * grant depends on the role alone and is named after its key. So Pulumi creates the new key's grants
 * before it changes any resource to that key, and deletes the old key's grants at the very end.
 */
export class FunctionRole extends pulumi.ComponentResource {
  readonly role: aws.iam.Role;
  readonly keyGrants: aws.iam.RolePolicy[];

  constructor(name: string, { kmsKeyArn, actions }: KeyUse = { kmsKeyArn: "", actions: [] }) {
    super("order-processing:infra:FunctionRole", name);
    this.role = new aws.iam.Role(
      name,
      {
        assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
      },
      { parent: this },
    );
    this.keyGrants = kmsKeyArn === "" ? [] : [this.grantKeyUse(name, kmsKeyArn, actions)];
    this.registerOutputs();
  }

  private grantKeyUse(name: string, kmsKeyArn: string, actions: string[]): aws.iam.RolePolicy {
    const hash = createHash("sha256").update(kmsKeyArn).digest("hex").slice(0, 8);
    return new aws.iam.RolePolicy(
      `${name}-key-${hash}`,
      {
        role: this.role.id,
        policy: { Version: "2012-10-17", Statement: [allow(actions, kmsKeyArn)] },
      },
      { parent: this },
    );
  }
}
