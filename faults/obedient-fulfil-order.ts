import type { Fulfilment, Work } from "../handlers/fulfil-order";
import type { Order } from "../handlers/order";

// A business step for the matrix, put in the place of handlers/fulfil-order.ts: does what the order's
// metadata asks for.

export async function fulfilOrder({ metadata = {} }: Order, _work: Work): Promise<Fulfilment> {
  const { step } = metadata;
  if (step === "reject") return { rejected: "card declined" };
  if (step === "throw") throw new Error("the warehouse is closed");
  if (step === "take a second") await new Promise((resolve) => setTimeout(resolve, 1000));
  return { totals: { units: 1 } };
}

export async function abandonOrder(_order: Order, _work: Work): Promise<void> {
  // Nothing was taken.
}
