// The business step of the rehearsal, put in the place of handlers/fulfil-order.ts: it needs a provider
// that may be down. The order says where that is.

interface Order {
  metadata?: Record<string, unknown>;
}

export async function fulfilOrder({
  metadata = {},
}: Order): Promise<{ totals: { units: number } } | { rejected: string }> {
  const { provider, rejected } = metadata;
  const response = typeof provider === "string" ? await fetch(provider) : { ok: true, status: 200 };
  if (!response.ok) throw new Error(`the provider answers ${response.status}`);
  return typeof rejected === "string" ? { rejected } : { totals: { units: 1 } };
}

export function abandonOrder({ metadata = {} }: Order): Promise<void> {
  const isRejected = "rejected" in metadata;
  return isRejected ? Promise.reject(new Error("the provider knows no refund")) : Promise.resolve();
}
