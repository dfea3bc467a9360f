import type { Direction, Point, Route } from "./layout";

const DIP = 48;

/** An edge as the `d` of an SVG path. */
export function pathOf({ points, label }: Route, direction: Direction): string {
  const [first] = points;
  if (!first) return "";
  const pairs = points.slice(1).map((to, index) => {
    const from = points[index] ?? to;
    if (index % 2 === 1) return `L${text(to)}`;
    const [a, b] = label
      ? [towards(from, to, direction), towards(to, from, direction)]
      : [below(from), below(to)];
    return `C${text(a)} ${text(b)} ${text(to)}`;
  });
  return `M${text(first)}${pairs.join("")}`;
}

function towards(from: Point, to: Point, direction: Direction): Point {
  return direction === "right"
    ? { x: (from.x + to.x) / 2, y: from.y }
    : { x: from.x, y: (from.y + to.y) / 2 };
}

const below = ({ x, y }: Point) => ({ x, y: y + DIP });
const text = ({ x, y }: Point) => `${x.toFixed(1)},${y.toFixed(1)}`;
