import type { ObservedOrder } from "./observed-orders";
import type { Watch } from "./watch";

/** What a client that asked for an accepted order's cancellation is answered is so. */
export function checkCancelAnswer(
  { violated, isRestored }: Watch,
  order: ObservedOrder,
  statusCode: number,
): void {
  const { row, lives } = order;
  if (isRestored()) return;
  const ends = [...lives.values()].map(({ end }) => end?.status);
  const isTrue: Record<number, boolean> = {
    200: row?.status === "CANCELLED",
    202: row?.isToBeCancelled === true,
    404: false,
    409: ends.some((status) => status !== undefined && status !== "CANCELLED"),
    503: true,
  };
  if (isTrue[statusCode] !== true) {
    violated("I12", order, `its cancellation was answered ${statusCode}`);
  }
}
