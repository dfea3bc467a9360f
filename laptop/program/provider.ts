import { type Struct, type StructError, validate } from "superstruct";

/** A resource that the program registers. Archives arrive as `{ files: { name: text } }`. */
export interface Registration {
  /** Such as `aws:sqs/queue:Queue`. */
  type: string;
  name: string;
  /** False for components, which are there for their children only. */
  custom: boolean;
  inputs: Record<string, unknown>;
}

/** What the engine gives back for a registered resource: its id and what AWS computes. */
export interface CreatedResource {
  id: string;
  outputs: Record<string, unknown>;
}

/** Lets a change go live once the whole program has been evaluated. Does not fail. */
type Finish = () => void | Promise<void>;

/** A resource on the laptop, and how it follows a program that is evaluated again. */
export interface LiveResource<T> extends CreatedResource {
  /** Takes on other inputs. Without it the resource is disposed of and created again. */
  update?: (inputs: T) => Finish | undefined;
  /** Undoes what creating it has done, where something is left of it otherwise. */
  dispose?: () => void | Promise<void>;
}

/** Why a resource stays as it is while the stack runs, whatever its inputs become. */
export interface Kept {
  /** Such as "items"; undefined where it holds nothing that could be lost. */
  holds?: string;
  /** Inputs for which AWS replaces it. */
  replacedBy?: readonly string[];
}

/** Creates the resources of one type on the laptop. */
export interface Provider {
  /** Inputs that have the effect they have on AWS. */
  emulated: readonly string[];
  /** Inputs that are accepted and change nothing here. */
  withoutEffect: readonly string[];
  /** Inputs that stop the start, each with the reason. */
  refused: Readonly<Record<string, string>>;
  kept?: Kept | undefined;
  /** `warn` gets a sentence. Throws at what it refuses. */
  create(registration: Registration, warn: Warn): Created<Registration>;
}

type Warn = (text: string) => void;
type Created<T> = LiveResource<T> | Promise<LiveResource<T>>;

/** What one type's resources are on the laptop: each of their inputs stands in one of three lists. */
export interface ProviderDefinition<T, S extends object> {
  /** `type({ … })`: the inputs that have the effect they have on AWS. Nested ones are `object({ … })`. */
  emulated: Struct<T, S>;
  withoutEffect?: readonly string[];
  refused?: Readonly<Record<string, string>>;
  kept?: Kept;
  create: (name: string, inputs: T) => Created<T>;
}

/** Of every resource: a laptop has one region and one account, and nobody bills it. */
export const OF_ALL_TYPES = ["tags", "tagsAll", "region"];

/**
 * Creates resources from inputs that are emulated, warns by name of those that are not known at all, and
 * throws at those that are refused or have another shape.
 */
export function defineProvider<T, S extends object>({
  emulated,
  withoutEffect = [],
  refused = {},
  kept,
  create,
}: ProviderDefinition<T, S>): Provider {
  const effective = Object.keys(emulated.schema);
  const known = new Set([...effective, ...withoutEffect, ...OF_ALL_TYPES]);

  function parse({ type, name, inputs: registered }: Registration, warn: Warn): T {
    const inputs = definedIn(registered);
    const what = `${labelOf(type)} "${name}"`;
    for (const key of Object.keys(inputs)) {
      const reason = refused[key];
      if (reason !== undefined) throw new Error(`${what}: ${key} is not emulated: ${reason}`);
      if (!known.has(key)) warn(`${what}: ${key} has no effect on the laptop`);
    }
    const [failure, value] = validate(inputs, emulated, { coerce: true });
    if (failure) throw new Error(`${what}: ${sentenceOf(failure)}`);
    return value;
  }

  return {
    emulated: effective,
    withoutEffect,
    refused,
    kept,
    create(registration, warn) {
      const parsed = ({ update, ...created }: LiveResource<T>): LiveResource<Registration> =>
        update ? { ...created, update: (other) => update(parse(other, warn)) } : created;
      const created = create(registration.name, parse(registration, warn));
      return created instanceof Promise ? created.then(parsed) : parsed(created);
    },
  };
}

/** Pulumi registers an input that was left out as undefined, or not at all. */
function definedIn(inputs: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined));
}

/** `aws:lambda/eventSourceMapping:EventSourceMapping` → `event source mapping` */
export function labelOf(type: string): string {
  const name = type.slice(type.lastIndexOf(":") + 1);
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}

function sentenceOf({ type, path, message }: StructError): string {
  const input = path.join(".");
  if (type === "never") return `${input} is not emulated`;
  return `${input} is not as the laptop knows it: ${message}`;
}
