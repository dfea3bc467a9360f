import type { Iam } from "../iam/authorizer";

/**
 * Keeps in mind with which key something is encrypted. Only a customer-managed one asks for permissions:
 * AWS's own (`alias/aws/…`) let in whoever is let in to what they encrypt.
 */
export function encryptWith(
  { iam }: { iam: Pick<Iam, "keys"> },
  resourceArn: string,
  key: string | undefined,
): void {
  if (key === undefined || key.startsWith("alias/aws/")) return;
  if (!key.startsWith("arn:")) {
    throw new Error(`${resourceArn} has the key ${key}: the laptop stack knows keys by their ARN`);
  }
  iam.keys.set(resourceArn, key);
}
