import type { MapEdge, MapNode, StackMap } from "../../protocol";
import { groupBy } from "../group-by";

/** Without those that close a circle: they go back, and are of no layer. */
export function forwardEdges({ nodes, edges }: StackMap): MapEdge[] {
  const out = groupBy(edges, ({ from }) => from);
  const back = new Set<MapEdge>();
  const seen = new Set<string>();
  const open = new Set<string>();
  const visit = (id: string) => {
    seen.add(id);
    open.add(id);
    for (const edge of out.get(id) ?? []) {
      if (open.has(edge.to)) back.add(edge);
      else if (!seen.has(edge.to)) visit(edge.to);
    }
    open.delete(id);
  };
  const sourcesFirst = [...nodes].sort((a, b) => incoming(edges, a) - incoming(edges, b));
  for (const { id } of sourcesFirst) if (!seen.has(id)) visit(id);
  return edges.filter((edge) => !back.has(edge));
}

/** A node's layer is its longest way from a source; where messages end is in the last one. */
export function layersOf(nodes: MapNode[], forward: MapEdge[]): Map<string, number> {
  const layers = new Map<string, number>();
  const into = groupBy(forward, ({ to }) => to);
  const layerOf = (id: string): number => {
    const known = layers.get(id);
    if (known !== undefined) return known;
    const before = (into.get(id) ?? []).map(({ from }) => layerOf(from));
    const layer = Math.max(-1, ...before) + 1;
    layers.set(id, layer);
    return layer;
  };
  const last = Math.max(0, ...nodes.map(({ id }) => layerOf(id)));
  const kinds = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const isDeadLetters = (id: string) =>
    kinds.get(id) === "queue" &&
    forward.every(({ from }) => from !== id) &&
    (into.get(id) ?? []).some(({ from }) => kinds.get(from) === "queue");
  for (const { id, kind } of nodes) {
    if (kind === "subscriber" || isDeadLetters(id)) layers.set(id, last);
  }
  return layers;
}

const incoming = (edges: MapEdge[], { id }: MapNode) => edges.filter(({ to }) => to === id).length;
