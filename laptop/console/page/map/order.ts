import type { Chain, Slot } from "./slots";

const SWEEPS = 12;

/** Each slot's neighbours in the layer before (`-1`) and after (`1`). */
export type Neighbours = Map<Slot, { [-1]: Slot[]; 1: Slot[] }>;

export function neighboursOf(slots: Slot[], chains: Chain[]): Neighbours {
  const neighbours: Neighbours = new Map(slots.map((slot) => [slot, { [-1]: [], 1: [] }]));
  for (const { slots: chain } of chains) {
    for (const [index, from] of chain.slice(0, -1).entries()) {
      const to = chain[index + 1];
      if (!to || neighbours.get(from)?.[1].includes(to)) continue;
      neighbours.get(from)?.[1].push(to);
      neighbours.get(to)?.[-1].push(from);
    }
  }
  return neighbours;
}

/** Slots by layer, in an order with few crossings: each at the middle of its neighbours, to and fro. */
export function ordered(slots: Slot[], neighbours: Neighbours): Slot[][] {
  const count = Math.max(0, ...slots.map(({ layer }) => layer + 1));
  let rows = Array.from({ length: count }, (_, layer) =>
    slots.filter((slot) => slot.layer === layer),
  );
  let best = { rows, crossings: crossings(rows, neighbours) };
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    rows = swept(rows, neighbours, sweep % 2 === 0 ? -1 : 1);
    const now = crossings(rows, neighbours);
    if (now < best.crossings) best = { rows, crossings: now };
  }
  return best.rows;
}

function swept(rows: Slot[][], neighbours: Neighbours, side: -1 | 1): Slot[][] {
  const result = rows.map((row) => [...row]);
  const layers = side === -1 ? [...rows.keys()] : [...rows.keys()].reverse();
  for (const layer of layers) {
    const beside = result[layer + side];
    const row = result[layer];
    if (!beside || !row) continue;
    const middle = new Map(
      row.map((slot, index) => {
        const places = (neighbours.get(slot)?.[side] ?? []).map((each) => beside.indexOf(each));
        return [slot, places.length === 0 ? index : mean(places)];
      }),
    );
    row.sort((a, b) => (middle.get(a) ?? 0) - (middle.get(b) ?? 0));
  }
  return result;
}

export function crossings(rows: Slot[][], neighbours: Neighbours): number {
  let count = 0;
  for (const [layer, row] of rows.entries()) {
    const ends = row.map((slot) =>
      (neighbours.get(slot)?.[1] ?? []).map((to) => rows[layer + 1]?.indexOf(to) ?? 0),
    );
    for (const [index, upper] of ends.entries()) {
      for (const lower of ends.slice(index + 1)) {
        for (const end of upper) count += lower.filter((other) => other < end).length;
      }
    }
  }
  return count;
}

export const mean = (values: number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
