import type { FunctionRole } from "./function-role";

/** How table, queues and topic are encrypted at rest, and the grants that must be there before. */
export interface Encryption {
  table: { serverSideEncryption: { enabled: boolean; kmsKeyArn?: string } };
  queue: { kmsMasterKeyId: string } | { sqsManagedSseEnabled: true };
  topic: { kmsMasterKeyId: string };
  /** What is encrypted waits for these, so that no role loses access while the key changes. */
  grants: FunctionRole["keyGrants"];
}

/**
 * With the customer-managed KMS key of this ARN, or with AWS's own keys where it is "". A table's
 * `enabled` without a key would leave the table on the key that it had: only `false` is a change.
 */
export function encryptWith(kmsKeyArn: string, users: FunctionRole[]): Encryption {
  const grants = users.flatMap(({ keyGrants }) => keyGrants);
  return kmsKeyArn === ""
    ? {
        table: { serverSideEncryption: { enabled: false } },
        queue: { sqsManagedSseEnabled: true },
        topic: { kmsMasterKeyId: "alias/aws/sns" },
        grants,
      }
    : {
        table: { serverSideEncryption: { enabled: true, kmsKeyArn } },
        queue: { kmsMasterKeyId: kmsKeyArn },
        topic: { kmsMasterKeyId: kmsKeyArn },
        grants,
      };
}
