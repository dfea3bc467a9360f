// The business step of the rehearsal, put in the place of handlers/fulfil-order.ts: it needs a provider
// that may be down. The order says where that is.

interface Order {
  metadata?: Record<string, unknown>;
}

export async function fulfilOrder({
  metadata = {},
}: Order): Promise<{ totals: { units: number } } | { rejected: string }> {
  const response = await fetch(String(metadata["provider"]));
  if (!response.ok) throw new Error(`the provider answers ${response.status}`);
  const { rejected } = metadata;
  return typeof rejected === "string" ? { rejected } : { totals: { units: 1 } };
}

export function abandonOrder({ metadata = {} }: Order): Promise<void> {
  const isRejected = "rejected" in metadata;
  return isRejected ? Promise.reject(new Error("the provider knows no refund")) : Promise.resolve();
}
