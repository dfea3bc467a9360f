import type { Telemetry } from "./telemetry";

/** A message that cannot be sent changes nothing for the client: the reconciler sends another. */
export async function enqueueOrLeave(
  deps: Pick<Telemetry, "log"> & { enqueueOrder(orderId: string): Promise<void> },
  orderId: string,
): Promise<void> {
  try {
    await deps.enqueueOrder(orderId);
  } catch (error) {
    deps.log.error("order not queued, left to the reconciler", error, { orderId });
  }
}
