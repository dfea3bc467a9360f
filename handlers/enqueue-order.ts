import { logError } from "./log";

/** A message that cannot be sent changes nothing for the client: the reconciler sends another. */
export async function enqueueOrLeave(
  deps: { enqueueOrder(orderId: string): Promise<void> },
  orderId: string,
): Promise<void> {
  try {
    await deps.enqueueOrder(orderId);
  } catch (error) {
    logError("order not queued, left to the reconciler", error, { orderId });
  }
}
