import { isDeepStrictEqual } from "node:util";
import { changedInputs, haveEffect, keptSentence, nameOf } from "./changed-inputs";
import type { Register } from "./evaluate";
import type { CreatedResource, LiveResource, Provider, Registration } from "./provider";
import { createResource } from "./registry";

/** What an evaluation of the program has changed, such as `function "get-order"`. */
export interface Changes {
  live: string[];
  gone: string[];
}

/** An evaluation of the program, the first or another one. */
export interface Update {
  register: Register;
  /** The program has been evaluated: what waited for that goes live, and what it no longer registers goes. */
  finish(): Promise<Changes>;
  /** The program has failed: all is as it was before. */
  undo(): Promise<void>;
}

/** A resource as the program has registered it, and what was created. */
export interface Registered extends Pick<Registration, "type" | "name" | "inputs"> {
  outputs: CreatedResource["outputs"];
}

export interface Resources {
  all(): Registered[];
  beginUpdate(): Update;
}

type Live = LiveResource<Registration>;

interface Resource {
  registration: Registration;
  live: Live;
  /** What the program wants of one that is kept, other than it is. */
  unmet?: Registration["inputs"] | "nothing" | undefined;
}

interface Journal {
  /** At the end. */
  finishes: (() => unknown)[];
  /** In case that it fails, the last one first. */
  undos: (() => unknown)[];
}

/**
 * A program's resources. What it registers as before stays. What is new or has changed is created or updated
 * at once, as others wait for it: but what functions run is replaced when the whole program has been evaluated.
 */
export function makeResources(
  providers: Readonly<Record<string, Provider>>,
  onEvent: (event: { kind: "warning"; text: string }) => void,
  override = (registration: Registration) => registration,
): Resources {
  const all = new Map<string, Resource>();
  const warn = (text: string) => onEvent({ kind: "warning", text });
  const providerOf = ({ type, custom }: Registration) => (custom ? providers[type] : undefined);
  const create = (registration: Registration) => createResource(providers, registration, warn);

  async function change({ live, registration }: Resource, now: Registration, journal: Journal) {
    const provider = providerOf(now);
    const changed = changedInputs(registration.inputs, now.inputs);
    const outputs = { ...live.outputs, ...now.inputs };
    if (!provider || !haveEffect(changed, provider)) return { ...live, outputs };
    if (live.update) {
      const finish = live.update(now);
      if (finish) journal.finishes.push(finish);
      else journal.undos.push(() => live.update?.(registration));
      return { ...live, outputs };
    }
    await live.dispose?.();
    journal.undos.push(async () => put(registration, await create(registration)));
    return createNew(now, journal);
  }

  async function createNew(registration: Registration, { undos }: Journal): Promise<Live> {
    const live = await create(registration);
    undos.push(() => live.dispose?.());
    return live;
  }

  function put(registration: Registration, live: Live): void {
    all.set(keyOf(registration), { registration, live });
  }

  /** Says once what the program wants of a resource that stays as it is. */
  function keep(resource: Resource, unmet: Resource["unmet"]): Live {
    const { registration, live } = resource;
    const { kept } = providerOf(registration) ?? {};
    if (kept && unmet && !isDeepStrictEqual(unmet, resource.unmet)) {
      const changed = unmet === "nothing" ? undefined : changedInputs(registration.inputs, unmet);
      warn(keptSentence(registration, changed, kept));
    }
    resource.unmet = unmet;
    return live;
  }

  async function undo({ undos }: Journal): Promise<void> {
    for (const each of undos.reverse()) {
      try {
        await each();
      } catch (error) {
        warn(`a change could not be taken back, start the stack again: ${String(error)}`);
      }
    }
  }

  async function removeOthers(registered: Set<string>): Promise<string[]> {
    const gone = [...all].filter(([key]) => !registered.has(key)).reverse();
    const names: string[] = [];
    for (const [key, resource] of gone) {
      const { registration, live } = resource;
      const provider = providerOf(registration);
      if (provider?.kept) {
        keep(resource, "nothing");
        continue;
      }
      await live.dispose?.();
      all.delete(key);
      if (provider) names.push(nameOf(registration));
    }
    return names;
  }

  return {
    all: () =>
      [...all.values()].map(({ registration: { type, name, inputs }, live: { outputs } }) => ({
        ...{ type, name, inputs, outputs },
      })),
    beginUpdate() {
      const live: string[] = [];
      const registered = new Set<string>();
      const journal: Journal = { finishes: [], undos: [] };
      const underWay: Promise<unknown>[] = [];

      async function register(registration: Registration): Promise<Live> {
        const key = keyOf(registration);
        registered.add(key);
        const before = all.get(key);
        const changed = before && changedInputs(before.registration.inputs, registration.inputs);
        if (before && changed?.length === 0) return keep(before, undefined);
        const provider = providerOf(registration);
        if (before && provider?.kept) return keep(before, registration.inputs);
        if (provider && (!changed || haveEffect(changed, provider)))
          live.push(nameOf(registration));
        const made = before
          ? await change(before, registration, journal)
          : await createNew(registration, journal);
        journal.undos.push(() => (before ? all.set(key, before) : all.delete(key)));
        put(registration, made);
        return made;
      }

      return {
        async register(registration) {
          const made = register(override(registration));
          underWay.push(made);
          const { id, outputs } = await made;
          return { id, outputs };
        },
        async finish() {
          for (const each of journal.finishes) await each();
          return { live, gone: await removeOthers(registered) };
        },
        async undo() {
          await Promise.allSettled(underWay);
          await undo(journal);
        },
      };
    },
  };
}

function keyOf({ type, name }: Registration): string {
  return `${type} ${name}`;
}
