import type { MapNode } from "../../protocol";
import { duration } from "../format";
import { useConsole } from "../hooks";
import { nodeLink } from "../route";
import { factsOf, outageOf } from "./facts";
import { Icon } from "./icon";
import { NODE, type Point } from "./layout";

const NAME_LENGTH = 19;
const LONG_NAME = 15;

/** A node of the picture: a link that opens its panel. */
export function NodeBox({ node, x, y, current }: Point & { node: MapNode; current: boolean }) {
  const { stack, state } = useConsole();
  const facts = factsOf(node, stack, state);
  const outage = outageOf(node, state);
  const width = (NODE.width - 24) / Math.max(2, facts.length);
  return (
    <g transform={`translate(${x} ${y})`}>
      <a
        href={nodeLink(node.id)}
        class={`node${current ? " current" : ""}${outage ? " outage" : ""}`}
        aria-current={current ? "true" : undefined}
        id={node.id}
      >
        <rect class="box" width={NODE.width} height={NODE.height} rx="9" />
        <g transform="translate(12 11)">
          <Icon kind={node.kind} />
        </g>
        <text class={node.name.length > LONG_NAME ? "name long" : "name"} x="34" y="24">
          {cut(node.name)}
        </text>
        <Corner node={node} />
        {facts.map(({ label, value, tone = "" }, index) => (
          <g key={label} transform={`translate(${12 + index * width} 0)`}>
            <text class={`value ${tone}`} y="49">
              {value}
            </text>
            <text class="label" y="64">
              {label}
            </text>
          </g>
        ))}
        {outage && <OutageMark kind={outage.kind} />}
      </a>
    </g>
  );
}

function OutageMark({ kind }: { kind: string }) {
  return (
    <g transform={`translate(${NODE.width - 74} -10)`}>
      <rect class="outage-mark" width="66" height="18" rx="9" />
      <text class="outage-text" x="33" y="13">
        {kind}
      </text>
    </g>
  );
}

/** A function's environments as dots, or a queue's oldest message. */
function Corner({ node }: { node: MapNode }) {
  const { state } = useConsole();
  if (node.kind === "function") {
    const environments = state.functions[node.name]?.environments.slice(0, 8) ?? [];
    return environments.map(({ pid, busy }, index) => (
      <circle
        key={pid}
        class={`environment${busy ? " busy" : ""}`}
        cx={NODE.width - 14 - index * 10}
        cy={NODE.height}
        r="3.5"
      />
    ));
  }
  const oldest = node.kind === "queue" ? (state.queues[node.name]?.oldestSeconds ?? 0) : 0;
  if (oldest < 1) return null;
  return (
    <text class="oldest" x="4" y="-6">
      oldest {duration(Math.round(oldest) * 1000)}
    </text>
  );
}

function cut(name: string): string {
  return name.length > NAME_LENGTH ? `${name.slice(0, NAME_LENGTH - 1)}…` : name;
}
