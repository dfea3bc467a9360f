import { useMemo } from "preact/hooks";
import { useConsole, useMedia } from "../hooks";
import { flowing } from "./facts";
import { type Direction, layout, type Route } from "./layout";
import { NodeBox } from "./node";
import { pathOf } from "./path";

const MARGIN = 18;
const LABEL_LENGTH = 19;

/** The stack as an SVG. */
export function PictureOfStack({ selected }: { selected: string | undefined }) {
  const { stack } = useConsole();
  const direction: Direction = useMedia("(min-width: 1400px)") ? "right" : "down";
  const { width, height, nodes, edges } = useMemo(
    () => layout(stack.map, direction),
    [stack.map, direction],
  );
  const box = [-MARGIN, -MARGIN, width + 2 * MARGIN, height + 2 * MARGIN];
  return (
    <svg
      class="picture"
      viewBox={box.join(" ")}
      style={{ maxWidth: `${width * 1.12}px` }}
      role="group"
      aria-label="Map of the stack"
    >
      <Arrow />
      {edges.map((route) => (
        <Line key={route.edge.id} route={route} direction={direction} />
      ))}
      <g aria-hidden="true">
        {edges.map((route) => (
          <EdgeLabel key={route.edge.id} route={route} />
        ))}
      </g>
      {nodes.map(({ node, x, y }) => (
        <NodeBox key={node.id} node={node} x={x} y={y} current={node.id === selected} />
      ))}
    </svg>
  );
}

function Arrow() {
  return (
    <defs>
      <marker
        id="arrow"
        viewBox="0 0 8 8"
        refX="7"
        refY="4"
        markerWidth="7"
        markerHeight="7"
        orient="auto"
      >
        <path class="arrow" d="M0 0.5L8 4L0 7.5z" />
      </marker>
    </defs>
  );
}

function Line({ route, direction }: { route: Route; direction: Direction }) {
  const { state, now } = useConsole();
  const perSecond = flowing(route.edge.id, state, now);
  const d = pathOf(route, direction);
  return (
    <g>
      <path class="edge" d={d} marker-end="url(#arrow)" />
      {perSecond > 0 && (
        <path class="flow" d={d} stroke-width={Math.min(5, 2 + Math.log10(1 + perSecond))} />
      )}
    </g>
  );
}

function EdgeLabel({ route }: { route: Route }) {
  const { state, now } = useConsole();
  const { label: text, id } = route.edge;
  if (!route.label) return null;
  const perSecond = flowing(id, state, now);
  const { x, y, anchor } = route.label;
  return (
    <text class="edge-label" x={x} y={y} text-anchor={anchor}>
      <title>{text}</title>
      {perSecond > 0 && (
        <tspan class="rate">
          {perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)}/s{" "}
        </tspan>
      )}
      {text.length > LABEL_LENGTH ? `${text.slice(0, LABEL_LENGTH - 1)}…` : text}
    </text>
  );
}
