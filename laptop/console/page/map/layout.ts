import type { MapEdge, MapNode, StackMap } from "../../protocol";
import { forwardEdges, layersOf } from "./layers";
import { neighboursOf, ordered } from "./order";
import { placed, type Port, portsOf } from "./place";
import { type Chain, type Slot, slotsOf } from "./slots";

export const NODE = { width: 172, height: 76 };

/** `right` is for wide screens, `down` for narrow ones. */
export type Direction = "right" | "down";

export interface Point {
  x: number;
  y: number;
}

export interface Picture {
  width: number;
  height: number;
  /** By their corner at the top left. */
  nodes: (Point & { node: MapNode })[];
  edges: Route[];
}

export interface Route {
  edge: MapEdge;
  /** In pairs: a curve from the first to the second of a pair, a line to the next pair. */
  points: Point[];
  /** Undefined for one that closes a circle: it goes from one node's bottom to another's. */
  label?: Label;
}

/** Beside the edge's beginning, where no other one is. */
export type Label = Point & { anchor: "start" | "middle" | "end" };

// Along: from layer to layer. Across: within a layer.
const SIZES = {
  right: { along: NODE.width, across: NODE.height, layerGap: 132, gap: 26 },
  down: { along: NODE.height, across: NODE.width, layerGap: 78, gap: 18 },
};
const WAYPOINT = 14;

/** Layer by layer, with few crossings (Sugiyama's way). */
export function layout(map: StackMap, direction: Direction): Picture {
  const forward = forwardEdges(map);
  const { slots, chains } = slotsOf(map.nodes, forward, layersOf(map.nodes, forward));
  const neighbours = neighboursOf(slots, chains);
  const { along, across, layerGap, gap } = SIZES[direction];
  const room = ({ node }: Slot) => (node ? across : WAYPOINT) + gap;
  const middles = placed(ordered(slots, neighbours), neighbours, room);
  const port = portsOf(neighbours, middles);
  const start = ({ layer }: Slot) => layer * (along + layerGap);
  const turn = (a: number, b: number) => (direction === "right" ? { x: a, y: b } : { x: b, y: a });

  const nodes = slots.flatMap((slot) => {
    const corner = (middles.get(slot) ?? 0) - across / 2 - gap / 2;
    return slot.node ? [{ node: slot.node, ...turn(start(slot), corner) }] : [];
  });
  const pointsOf = ({ slots: chain }: Chain) =>
    chain.slice(1).flatMap((to, index) => {
      const from = chain[index] ?? to;
      return [
        turn(start(from) + along, port(from, 1, to).at - gap / 2),
        turn(start(to), port(to, -1, from).at - gap / 2),
      ];
    });
  const edges = chains.map((chain): Route => {
    const [from, to] = chain.slots;
    const points = pointsOf(chain);
    const label = from && to && labelOf(points[0], port(from, 1, to), direction);
    return { edge: chain.edge, points, ...(label && { label }) };
  });
  const back = map.edges.filter((edge) => !forward.includes(edge));
  return {
    width: Math.max(NODE.width, ...nodes.map(({ x }) => x + NODE.width)),
    height: Math.max(NODE.height, ...nodes.map(({ y }) => y + NODE.height)),
    nodes,
    edges: [...edges, ...backRoutes(back, nodes)],
  };
}

function labelOf(
  from: Point | undefined,
  { index, count }: Port,
  direction: Direction,
): Label | undefined {
  if (!from) return undefined;
  const { x, y } = from;
  if (direction === "right") return { x: x + 8, y: y - 4, anchor: "start" };
  if (count === 1) return { x: x + 6, y: y + 15, anchor: "start" };
  if (index === 0) return { x: x - 6, y: y + 15, anchor: "end" };
  if (index === count - 1) return { x: x + 6, y: y + 30, anchor: "start" };
  return { x, y: y + 30 + 14 * index, anchor: "middle" };
}

function backRoutes(edges: MapEdge[], nodes: Picture["nodes"]): Route[] {
  const bottoms = new Map(
    nodes.map(({ node, x, y }) => [node.id, { x: x + NODE.width / 2, y: y + NODE.height }]),
  );
  return edges.flatMap((edge) => {
    const [from, to] = [bottoms.get(edge.from), bottoms.get(edge.to)];
    return from && to ? [{ edge, points: [from, to] }] : [];
  });
}
