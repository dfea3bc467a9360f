import type { Stack } from "./stack";

/** A laptop takes any whose name no function can have; an account wants the shell's own. */
const LAPTOP_CREDENTIALS = { accessKeyId: "an.operator", secretAccessKey: "laptop" };

/** A person waits: longer than a function would, and not for ever. */
export function clientConfig({ region, endpoint }: Pick<Stack, "region" | "endpoint">) {
  return {
    region,
    ...(endpoint !== undefined && { endpoint, credentials: LAPTOP_CREDENTIALS }),
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: 10_000,
      socketTimeout: 10_000,
      throwOnRequestTimeout: true,
    },
  };
}
