import * as pulumi from "@pulumi/pulumi";

// The keys by which Pulumi's wire format marks a secret: { [signature]: secret, value }.
const SIGNATURE = pulumi.runtime.specialSigKey;
const SECRET = pulumi.runtime.specialSecretSig;

/**
 * A resource's inputs as plain data: resources in them as their ids, archives as
 * `{ files: { name: text } }`, secrets as their values. Pulumi's mocks hand over the live objects and
 * the wire format of secrets.
 */
export async function plainInputs(inputs: object): Promise<Record<string, unknown>> {
  const entries = Object.entries(inputs).map(async ([key, value]) => [key, await plain(value)]);
  return Object.fromEntries(await Promise.all(entries)) as Record<string, unknown>;
}

async function plain(input: unknown): Promise<unknown> {
  if (pulumi.CustomResource.isInstance(input)) return valueOf(input.id);
  if (input instanceof pulumi.asset.AssetArchive) return { files: await plain(await input.assets) };
  if (input instanceof pulumi.asset.StringAsset) return input.text;
  if (Array.isArray(input)) return Promise.all(input.map(plain));
  if (isSecret(input)) return plain(input.value);
  return typeof input === "object" && input !== null ? plainInputs(input) : input;
}

export function isSecret(input: unknown): input is { value: unknown } {
  return (
    typeof input === "object" &&
    input !== null &&
    Object.entries(input).some(([key, value]) => key === SIGNATURE && value === SECRET)
  );
}

export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve as (value: unknown) => void));
}
