import type { MapNode } from "../../protocol";
import { useConsole } from "../hooks";
import { nodeLink } from "../route";
import { Mark } from "../ui/mark";
import { factsOf, outageOf } from "./facts";
import { Icon } from "./icon";

/** The map where a picture has no room. */
export function NodeList() {
  const { stack } = useConsole();
  return (
    <ul class="node-list">
      {stack.map.nodes.map((node) => (
        <li key={node.id}>
          <Entry node={node} />
        </li>
      ))}
    </ul>
  );
}

function Entry({ node }: { node: MapNode }) {
  const { stack, state } = useConsole();
  const outage = outageOf(node, state);
  return (
    <a href={nodeLink(node.id)} id={node.id}>
      <Icon kind={node.kind} />
      <span class="name">{node.name}</span>
      <span class="muted">{node.kind}</span>
      {outage && <Mark tone="bad">{outage.kind}</Mark>}
      <span class="figures">
        {factsOf(node, stack, state).map(({ label, value, tone = "" }) => (
          <span key={label}>
            <b class={tone}>{value}</b> {label}
          </span>
        ))}
      </span>
    </a>
  );
}
