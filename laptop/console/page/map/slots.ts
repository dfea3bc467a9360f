import type { MapEdge, MapNode } from "../../protocol";

/** A place in a layer: a node's, or a waypoint's of edges that pass the layer. */
export interface Slot {
  id: string;
  layer: number;
  node?: MapNode;
}

export interface Chain {
  edge: MapEdge;
  /** From node to node. */
  slots: Slot[];
}

/** Edges to the same node share their waypoints: they are drawn as one trunk. */
export function slotsOf(nodes: MapNode[], forward: MapEdge[], layers: Map<string, number>) {
  const layerOf = (id: string) => layers.get(id) ?? 0;
  const slots = new Map<string, Slot>();
  const slot = (id: string, layer: number, node?: MapNode): Slot => {
    const known = slots.get(id) ?? { id, layer, ...(node && { node }) };
    slots.set(id, known);
    return known;
  };
  for (const node of nodes) slot(node.id, layerOf(node.id), node);
  const chains = forward.map((edge): Chain => {
    const between = [];
    for (let layer = layerOf(edge.from) + 1; layer < layerOf(edge.to); layer++) {
      between.push(slot(`${edge.to}@${layer}`, layer));
    }
    const [from, to] = [slot(edge.from, 0), slot(edge.to, 0)];
    return { edge, slots: [from, ...between, to] };
  });
  return { slots: [...slots.values()], chains };
}
