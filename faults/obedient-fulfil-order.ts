import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import type { Order } from "../handlers/order";
import type { Fulfilment, KeptStep, UndoWork, Work } from "../handlers/work";

// A business step for the matrix, put in the place of handlers/fulfil-order.ts: does what the order's
// metadata asks for, and notes each step that really runs in the file `runs`.

export async function fulfilOrder(order: Order, work: Work): Promise<Fulfilment> {
  const { does, steps = 0, waitSeconds } = order.metadata ?? {};
  for (let n = 1; n <= Number(steps); n += 1) {
    await work.step(`step ${n}`, () => noted(order, `step ${n}`));
  }
  if (does === "take a second") await new Promise((resolve) => setTimeout(resolve, 1000));
  if (does === "throw") throw new Error("the warehouse is closed");
  if (does === "reject") return { rejected: "card declined" };
  if (waitSeconds !== undefined) {
    await work.wait("wait", { seconds: Number(waitSeconds) });
    await work.step("last step", () => noted(order, "last step"));
  }
  return { totals: { units: 1 } };
}

export async function abandonOrder(order: Order, kept: KeptStep[], work: UndoWork): Promise<void> {
  throwOnce(order);
  for (const { step, result } of kept) {
    await work.step(`undo:${step}`, () => noted(order, `undo:${step}`, result));
  }
}

function noted({ orderId, metadata = {} }: Order, step: string, of: unknown = ""): string {
  const { runs } = metadata;
  if (typeof runs === "string") {
    appendFileSync(runs, `${JSON.stringify({ orderId, step, at: Date.now() })}\n`);
  }
  return `result of ${step} ${String(of)}`.trim();
}

function throwOnce({ metadata = {} }: Order): void {
  const { undoThrown } = metadata;
  if (typeof undoThrown !== "string" || existsSync(undoThrown)) return;
  writeFileSync(undoThrown, "");
  throw new Error("the bank is closed");
}
