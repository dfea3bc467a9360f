import { forwardEdges, layersOf } from "../../../../laptop/console/page/map/layers";
import { layout, NODE, type Picture } from "../../../../laptop/console/page/map/layout";
import { crossings, neighboursOf, ordered } from "../../../../laptop/console/page/map/order";
import { apart } from "../../../../laptop/console/page/map/place";
import { slotsOf } from "../../../../laptop/console/page/map/slots";
import type { MapNode, StackMap } from "../../../../laptop/console/protocol";

function mapOf(nodes: Record<string, MapNode["kind"]>, edges: [string, string][]): StackMap {
  return {
    nodes: Object.entries(nodes).map(([id, kind]) => ({ id, kind, name: id })),
    edges: edges.map(([from, to]) => ({ id: `${from}→${to}`, from, to, label: "" })),
  };
}

const ORDERS = mapOf(
  {
    dead: "queue",
    mail: "subscriber",
    api: "api",
    create: "function",
    get: "function",
    process: "function",
    queue: "queue",
    table: "table",
    topic: "topic",
  },
  [
    ["api", "create"],
    ["api", "get"],
    ["create", "table"],
    ["create", "queue"],
    ["get", "table"],
    ["queue", "process"],
    ["queue", "dead"],
    ["process", "table"],
    ["process", "topic"],
    ["topic", "mail"],
  ],
);

function layersIn(map: StackMap) {
  return Object.fromEntries(layersOf(map.nodes, forwardEdges(map)));
}

const cornersOf = ({ nodes }: Picture) =>
  new Map(nodes.map(({ node, x, y }) => [node.id, { x, y }]));

describe("the map's layers", () => {
  it("are the longest ways from the sources, with dead letters and subscribers in the last one", () => {
    expect(layersIn(ORDERS)).toEqual({
      api: 0,
      create: 1,
      get: 1,
      queue: 2,
      process: 3,
      table: 4,
      topic: 4,
      dead: 5,
      mail: 5,
    });
  });

  it("leave out edges that close a circle", () => {
    const map = mapOf({ api: "api", a: "function", b: "queue" }, [
      ["api", "a"],
      ["a", "b"],
      ["b", "a"],
    ]);
    expect(layersIn(map)).toEqual({ api: 0, a: 1, b: 2 });
    const back = layout(map, "right").edges.filter(({ label }) => !label);
    expect(back.map(({ edge }) => edge.id)).toEqual(["b→a"]);
  });
});

describe("the order within the layers", () => {
  it("uncrosses edges", () => {
    const map = mapOf({ a: "api", b: "api", x: "function", y: "function" }, [
      ["a", "y"],
      ["b", "x"],
    ]);
    const forward = forwardEdges(map);
    const { slots, chains } = slotsOf(map.nodes, forward, layersOf(map.nodes, forward));
    const neighbours = neighboursOf(slots, chains);
    const asGiven = [0, 1].map((layer) => slots.filter((slot) => slot.layer === layer));
    expect(crossings(asGiven, neighbours)).toBe(1);
    expect(crossings(ordered(slots, neighbours), neighbours)).toBe(0);
  });

  it("keeps the order and the room when it comes near the wishes", () => {
    expect(apart([0, 100], [10, 10])).toEqual([0, 100]);
    expect(apart([50, 50], [10, 10])).toEqual([45, 55]);
    expect(apart([60, 40], [10, 10])).toEqual([45, 55]);
  });
});

describe.each(["right", "down"] as const)("the layout to the %s", (direction) => {
  const picture = layout(ORDERS, direction);

  it("draws each node and each edge inside of the picture", () => {
    expect(picture.nodes).toHaveLength(ORDERS.nodes.length);
    expect(picture.edges).toHaveLength(ORDERS.edges.length);
    const points = picture.edges.flatMap((edge) => edge.points);
    for (const { x, y } of [...picture.nodes, ...points]) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(x).toBeLessThanOrEqual(picture.width);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(y).toBeLessThanOrEqual(picture.height);
    }
  });

  it("lets no two nodes overlap", () => {
    for (const [index, a] of picture.nodes.entries()) {
      for (const b of picture.nodes.slice(index + 1)) {
        const apartX = Math.abs(a.x - b.x) >= NODE.width;
        const apartY = Math.abs(a.y - b.y) >= NODE.height;
        expect([a.node.id, b.node.id, apartX || apartY]).toEqual([a.node.id, b.node.id, true]);
      }
    }
  });

  it("goes forward only", () => {
    const corners = cornersOf(picture);
    for (const { from, to } of ORDERS.edges) {
      const [a = { x: 0, y: 0 }, b = { x: 0, y: 0 }] = [corners.get(from), corners.get(to)];
      expect(direction === "right" ? b.x - a.x : b.y - a.y).toBeGreaterThan(0);
    }
  });
});

it("lays out a program without resources", () => {
  expect(layout({ nodes: [], edges: [] }, "right").edges).toEqual([]);
});
