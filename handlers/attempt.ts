import {
  type ClaimedOrderDeps,
  end,
  isMine,
  mustHoldLease,
  release,
  workTable,
} from "./claimed-order";
import { isToBeCancelled, type StoredOrder } from "./life";
import type { Totals } from "./order";
import { runWork } from "./run-work";
import { turnToUndo } from "./undo";
import type { Fulfilment } from "./work";

const MAX_REASON_LENGTH = 500;

type Conclusion = { status: "COMPLETED"; totals: Totals } | { status: "REJECTED"; reason: string };

/** The business step, under a claim; gives the order as it is then. */
export async function attempt(
  deps: ClaimedOrderDeps,
  claimed: StoredOrder,
): Promise<StoredOrder | undefined> {
  mustHoldLease(deps, claimed);
  const run = await runWork("step", claimed, workTable(deps, claimed), async (work) =>
    conclusionOf(await deps.fulfilOrder(claimed.order, work)),
  );
  switch (run.how) {
    case "returned":
      return run.value.status === "COMPLETED"
        ? complete(deps, run.stored, run.value)
        : turnToUndo(deps, run.stored, run.value);
    case "threw":
      return orCancelled(deps, claimed, await release(deps, run, "attempt failed"));
    case "unkeepable":
      return turnToUndo(deps, run.stored, { status: "FAILED", reason: run.reason });
    case "stopped":
      return orCancelled(deps, claimed, run.stored);
  }
}

function conclusionOf(fulfilment: Fulfilment): Conclusion {
  if ("totals" in fulfilment) return { status: "COMPLETED", totals: fulfilment.totals };
  const reason = fulfilment.rejected.slice(0, MAX_REASON_LENGTH).toWellFormed();
  return { status: "REJECTED", reason };
}

async function complete(
  deps: ClaimedOrderDeps,
  claimed: StoredOrder,
  conclusion: Conclusion & { status: "COMPLETED" },
): Promise<StoredOrder | undefined> {
  return orCancelled(deps, claimed, (await end(deps, claimed, conclusion)).stored);
}

/** Where its cancellation was requested while this worker was at work, that is what it does next. */
async function orCancelled(
  deps: ClaimedOrderDeps,
  claimed: StoredOrder,
  stored: StoredOrder | undefined,
): Promise<StoredOrder | undefined> {
  const isToCancel = stored && isMine(claimed, stored) && isToBeCancelled(stored);
  return isToCancel ? turnToUndo(deps, stored, { status: "CANCELLED" }) : stored;
}
