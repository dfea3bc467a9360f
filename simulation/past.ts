import type { Item } from "../handlers/aws/stored-order";
import type { World } from "./world";

interface Version {
  at: number;
  item: Item;
}

/** Every version of every item, for point-in-time recovery; kept only where the plan has a restore. */
export function makePast({ plan, clock }: World) {
  const isNeeded = plan.incidents.some(({ what }) => what.startsWith("restore"));
  const versions = new Map<string, Version[]>();
  return {
    add(key: string, item: Item): void {
      if (!isNeeded) return;
      const version = { at: clock.now(), item };
      const known = versions.get(key);
      if (known) known.push(version);
      else versions.set(key, [version]);
    },
    /** The items as they were then, in milliseconds since 1970; what came later is forgotten. */
    goBack(to: number): Map<string, Item> {
      const items = new Map<string, Item>();
      for (const [key, known] of versions) {
        const version = known.findLast(({ at }) => at <= to);
        if (version) items.set(key, version.item);
        versions.set(key, version ? [version] : []);
      }
      return items;
    },
  };
}
