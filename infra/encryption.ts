import type * as aws from "@pulumi/aws";
import { allow } from "./policies";

type KeyAction = "kms:Decrypt" | "kms:GenerateDataKey";

/**
 * Encryption at rest for table, queues and topic: with keys that AWS manages, or with the
 * customer-managed KMS key of this ARN; `use` is what a role then needs besides.
 */
export function encryption(kmsKeyArn: string) {
  const isOwn = kmsKeyArn !== "";
  return {
    table: { serverSideEncryption: { enabled: true, ...(isOwn && { kmsKeyArn }) } },
    queue: isOwn ? { kmsMasterKeyId: kmsKeyArn } : { sqsManagedSseEnabled: true },
    topic: { kmsMasterKeyId: isOwn ? kmsKeyArn : "alias/aws/sns" },
    use: (...actions: KeyAction[]): aws.iam.PolicyStatement[] =>
      isOwn ? [allow(actions, kmsKeyArn)] : [],
  };
}
