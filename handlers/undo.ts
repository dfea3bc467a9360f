import {
  type ClaimedOrderDeps,
  end,
  mustHoldLease,
  release,
  workTable,
  writeAsMine,
} from "./claimed-order";
import { type Ending, isToBeCancelled, type StoredOrder, undoLease } from "./life";
import { runWork } from "./run-work";
import { keptSteps } from "./work";

/** From the attempt to its undo, under a claim of its own: nothing of the attempt is recorded any more. */
export async function turnToUndo(
  deps: ClaimedOrderDeps,
  claimed: StoredOrder,
  ending: Ending,
): Promise<StoredOrder | undefined> {
  const turned = await writeAsMine(claimed, (seen) => {
    const now = deps.now();
    const lease = undoLease(seen, now.getTime(), deps.policy, deps.random());
    return deps.beginUndo(
      seen,
      isToBeCancelled(seen) ? { status: "CANCELLED" } : ending,
      lease,
      true,
      now,
    );
  });
  return turned.ok && turned.stored ? undo(deps, turned.stored) : turned.stored;
}

export async function undo(
  deps: ClaimedOrderDeps,
  claimed: StoredOrder,
): Promise<StoredOrder | undefined> {
  mustHoldLease(deps, claimed);
  const run = await runWork("undo", claimed, workTable(deps, claimed), (work) =>
    deps.abandonOrder(claimed.order, keptSteps(claimed), work),
  );
  switch (run.how) {
    case "returned":
      return endAfterUndo(deps, run.stored);
    case "threw":
      return release(deps, run, "undo failed");
    case "unkeepable":
      return release(
        deps,
        { how: "threw", error: new Error(run.reason), step: undefined, stored: run.stored },
        "undo failed",
      );
    case "stopped":
      return run.stored;
  }
}

async function endAfterUndo(
  deps: ClaimedOrderDeps,
  claimed: StoredOrder,
): Promise<StoredOrder | undefined> {
  const { stored } = await writeAsMine(claimed, (seen) =>
    end(deps, seen, (!isToBeCancelled(seen) && seen.ending) || { status: "CANCELLED" }),
  );
  return stored;
}
