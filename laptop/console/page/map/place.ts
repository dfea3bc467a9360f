import { mean, type Neighbours } from "./order";
import type { Slot } from "./slots";

const ROUNDS = 24;
const PORT_GAP = 17;

/** Where each slot's middle is across the layers: near its neighbours' middles, in order, with room. */
export function placed(
  rows: Slot[][],
  neighbours: Neighbours,
  room: (slot: Slot) => number,
): Map<Slot, number> {
  const middles = new Map<Slot, number>();
  const wish = (slot: Slot) => {
    const { [-1]: before, 1: after } = neighbours.get(slot) ?? { [-1]: [], 1: [] };
    const near = [...before, ...after].flatMap((each) => middles.get(each) ?? []);
    return near.length === 0 ? (middles.get(slot) ?? 0) : mean(near);
  };
  for (let round = 0; round < ROUNDS; round++) {
    for (const row of round % 2 === 0 ? rows : rows.toReversed()) {
      const places = apart(row.map(wish), row.map(room));
      for (const [index, slot] of row.entries()) middles.set(slot, places[index] ?? 0);
    }
  }
  const top = Math.min(...[...middles].map(([slot, middle]) => middle - room(slot) / 2));
  return new Map([...middles].map(([slot, middle]) => [slot, middle - top]));
}

/** As near to the wishes as their order and their rooms allow (least squares: pool adjacent violators). */
export function apart(wishes: number[], rooms: number[]): number[] {
  let before = 0;
  const offsets = rooms.map((room) => (before += room) - room / 2);
  const pools: { sum: number; count: number }[] = [];
  for (const [index, wish] of wishes.entries()) {
    let pool = { sum: wish - (offsets[index] ?? 0), count: 1 };
    for (let last = pools.at(-1); last && last.sum / last.count > pool.sum / pool.count;) {
      pool = { sum: last.sum + pool.sum, count: last.count + pool.count };
      pools.pop();
      last = pools.at(-1);
    }
    pools.push(pool);
  }
  const middles = pools.flatMap(({ sum, count }) => Array<number>(count).fill(sum / count));
  return middles.map((middle, index) => middle + (offsets[index] ?? 0));
}

export interface Port {
  at: number;
  index: number;
  count: number;
}

/** Where an edge leaves or meets a node: side by side with its others, in the order of their ends. */
export function portsOf(neighbours: Neighbours, middles: Map<Slot, number>) {
  const middle = (slot: Slot) => middles.get(slot) ?? 0;
  return (slot: Slot, side: -1 | 1, end: Slot): Port => {
    if (!slot.node) return { at: middle(slot), index: 0, count: 1 };
    const ends = (neighbours.get(slot)?.[side] ?? []).toSorted((a, b) => middle(a) - middle(b));
    const [index, count] = [ends.indexOf(end), ends.length];
    return { at: middle(slot) + (index - (count - 1) / 2) * PORT_GAP, index, count };
  };
}
