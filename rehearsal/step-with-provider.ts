// The business step of the rehearsal, put in the place of handlers/fulfil-order.ts: it needs a provider
// that may be down. The order says where it is.

interface Order {
  metadata?: Record<string, unknown>;
}

export async function fulfilOrder({
  metadata = {},
}: Order): Promise<{ totals: { units: number } }> {
  const response = await fetch(String(metadata["provider"]));
  if (!response.ok) throw new Error(`the provider answers ${response.status}`);
  return { totals: { units: 1 } };
}

export function abandonOrder(): Promise<void> {
  return Promise.resolve();
}
