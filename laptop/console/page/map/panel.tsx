import { useEffect, useRef } from "preact/hooks";
import type { MapNode } from "../../protocol";
import { useConsole } from "../hooks";
import { nodeLink, tableLink } from "../route";
import { flowing, outageOf } from "./facts";
import { FunctionPanel } from "./function-panel";
import { Icon } from "./icon";
import { QueuePanel } from "./queue-panel";

/** All about the node that is selected. Escape closes it. */
export function Panel({ node }: { node: MapNode }) {
  const { state, now } = useConsole();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.getElementById(node.id)?.scrollIntoView({ block: "nearest", inline: "nearest" });
    heading.current?.focus();
    const close = ({ key }: KeyboardEvent) => {
      if (key === "Escape") location.hash = "#/";
    };
    addEventListener("keydown", close);
    return () => {
      removeEventListener("keydown", close);
      document.getElementById(node.id)?.focus();
    };
  }, [node.id]);
  const outage = outageOf(node, state);
  return (
    <aside class="panel" aria-label={node.name}>
      <header>
        <Icon kind={node.kind} />
        <h2 ref={heading} tabIndex={-1}>
          {node.name}
        </h2>
        <a class="button small" href="#/" aria-label="Close">
          ✕
        </a>
      </header>
      {outage && (
        <p class="problem">
          {outage.service} is {outage.kind} for {Math.ceil((outage.until - now) / 1000)} s.{" "}
          <a href="#/break">End it</a>
        </p>
      )}
      <Inside node={node} />
      <Edges node={node} />
    </aside>
  );
}

function Inside({ node }: { node: MapNode }) {
  if (node.kind === "function") return <FunctionPanel name={node.name} />;
  if (node.kind === "queue") return <QueuePanel name={node.name} />;
  if (node.kind === "table") return <a href={tableLink(node.name)}>Its items</a>;
  if (node.kind === "api") return <a href="#/try">Send a request</a>;
  return null;
}

function Edges({ node }: { node: MapNode }) {
  const { stack, state, now } = useConsole();
  const edges = stack.map.edges.filter(({ from, to }) => from === node.id || to === node.id);
  const nameOf = (id: string) => stack.map.nodes.find((each) => each.id === id)?.name ?? id;
  return (
    <section>
      <h3>Connections</h3>
      <ul class="connections">
        {edges.map(({ id, from, to, label }) => {
          const other = from === node.id ? to : from;
          return (
            <li key={id}>
              <span class="muted">{from === node.id ? "to" : "from"}</span>{" "}
              <a href={nodeLink(other)}>{nameOf(other)}</a> <span class="muted">{label}</span>
              <span class="count">
                {(state.flows[id]?.count ?? 0).toLocaleString("en")}
                {flowing(id, state, now) > 0 && <b> {flowing(id, state, now).toFixed(1)}/s</b>}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
