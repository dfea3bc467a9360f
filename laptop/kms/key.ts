import type { Iam } from "../iam/authorizer";

/**
 * Records which key something is encrypted with. Only a customer-managed one requires permissions: AWS's
 * own (`alias/aws/…`) may be used by everyone who may use what they encrypt.
 */
export function recordEncryptionKey(
  { keyByResource, encryptedByAws }: Pick<Iam, "keyByResource" | "encryptedByAws">,
  resourceArn: string,
  key: string | undefined,
): void {
  if (key === undefined) return;
  if (key.startsWith("alias/aws/")) {
    encryptedByAws.add(resourceArn);
    return;
  }
  if (!key.startsWith("arn:")) {
    throw new Error(`${resourceArn} has the key ${key}: the laptop stack knows keys by their ARN`);
  }
  keyByResource.set(resourceArn, key);
}
