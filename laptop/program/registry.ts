import type { LiveResource, Provider, Registration } from "./provider";

/**
 * Creates a registered resource by the provider of its type, and gives its inputs as outputs too. Warns of
 * a type without a provider, which has no effect.
 */
export async function createResource(
  providers: Readonly<Record<string, Provider>>,
  registration: Registration,
  warn: (text: string) => void,
): Promise<LiveResource<Registration>> {
  const { type, name, custom, inputs } = registration;
  const provider = custom ? providers[type] : undefined;
  if (custom && !provider) {
    warn(`${type} "${name}" is not known to the laptop stack: it has no effect here`);
  }
  const created = await provider?.create(registration, warn);
  return { ...created, id: created?.id ?? name, outputs: { ...inputs, ...created?.outputs } };
}
