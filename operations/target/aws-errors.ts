import { explainError } from "../../command-line/run-command";

const CREDENTIALS =
  "`aws configure sso` (or `aws login`) gets some, AWS_PROFILE selects them; `aws sts get-caller-identity` shows whose they are";

/** Errors of the SDK, by name, that no other call of the same shell would be spared. */
const WITHOUT_CREDENTIALS: Record<string, string> = {
  CredentialsProviderError: "there are no AWS credentials here",
  ExpiredToken: "the AWS credentials have expired",
  ExpiredTokenException: "the AWS credentials have expired",
  InvalidClientTokenId: "AWS does not know these credentials",
  UnrecognizedClientException: "AWS does not know these credentials",
  InvalidSignatureException: "the secret key of the AWS credentials is wrong",
  SignatureDoesNotMatch: "the secret key of the AWS credentials is wrong",
};

const WITHOUT_NETWORK = ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH"];

/**
 * What is missing on this machine, and how to get it, where an AWS call failed for that; undefined where
 * it failed for anything else.
 */
export function missingHere(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const credentials = WITHOUT_CREDENTIALS[error.name];
  if (credentials !== undefined) return `${credentials}: ${CREDENTIALS}`;
  const code = "code" in error ? String(error.code) : "";
  if (WITHOUT_NETWORK.includes(code)) {
    return `AWS does not answer (${code}): is there a network, and a proxy to name in HTTPS_PROXY?`;
  }
  return error.name === "TimeoutError"
    ? "AWS does not answer in time: is there a network, and a proxy to name in HTTPS_PROXY?"
    : undefined;
}

/** A sentence about a look that failed, at AWS or here. */
export function awsError(error: unknown): string {
  return missingHere(error) ?? refusedByAws(error) ?? (error as Error).message;
}

/** For runCommand: what AWS refuses, or this machine lacks, is no fault of the program. */
export function explainAws(error: unknown): string {
  return missingHere(error) ?? refusedByAws(error) ?? explainError(error);
}

function refusedByAws(error: unknown): string | undefined {
  const isFromAws = error instanceof Error && "$metadata" in error;
  return isFromAws ? `${error.name}: ${error.message}` : undefined;
}
