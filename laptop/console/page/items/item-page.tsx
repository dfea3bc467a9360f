import type { Item } from "../../protocol";
import { fetchItem } from "../api";
import { clock, counted, duration, pretty, toneOf } from "../format";
import { useConsole, useLoaded } from "../hooks";
import { tableLink } from "../route";
import { TraceTable } from "../traces/trace-table";
import { Mark, StatusMark } from "../ui/mark";
import { Problem } from "../ui/problem";
import { History } from "./history";
import { statusesOf } from "./statuses";

export function ItemPage({ table, id }: { table: string; id: string }) {
  const { state } = useConsole();
  const known = state.items.find((each) => each.table === table && each.id === id);
  const traces = state.traces[0]?.id ?? "";
  const version = `${known?.writes} ${known?.changedAt} ${known?.deleted} ${traces}`;
  const item = useLoaded(() => fetchItem(table, id), `${table} ${id} ${version}`);
  return (
    <>
      <p class="crumbs">
        <a href={tableLink(table)}>{table}</a>
      </p>
      <Problem of={item} />
      {item?.ok && <Whole item={item.value} />}
    </>
  );
}

function Whole({ item }: { item: Item }) {
  return (
    <>
      <header class="heading">
        <h1>
          <code>{Object.values(item.key).join(" / ")}</code>
        </h1>
        <p>
          {item.deleted ? <Mark tone="quiet">deleted</Mark> : <StatusMark status={item.status} />}
        </p>
        <p class="muted">{counted(item.writes, "write")}</p>
      </header>
      <Statuses item={item} />
      <div class="item">
        <section class="card">
          <h2>History</h2>
          <History history={item.history} writes={item.writes} />
        </section>
        <section class="card">
          <h2>Attributes</h2>
          <Attributes attributes={item.attributes} />
        </section>
      </div>
      <section class="card">
        <h2>Traces</h2>
        <TraceTable traces={item.traces} />
      </section>
    </>
  );
}

/** The life that the item led, as its `status` tells it. */
function Statuses({ item }: { item: Item }) {
  const steps = statusesOf(item.history);
  if (steps.length === 0) return null;
  return (
    <ol class="statuses" aria-label="Statuses">
      {steps.map(({ status, at, after }, index) => (
        <li key={index} class={toneOf(status)}>
          {after !== undefined && <span class="after">+{duration(after)}</span>}
          <b>{status}</b>
          <time>{clock(at)}</time>
        </li>
      ))}
    </ol>
  );
}

function Attributes({ attributes }: { attributes: Item["attributes"] }) {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return <p class="muted">None: it was deleted.</p>;
  return (
    <dl class="attributes">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <pre>{pretty(value)}</pre>
          </dd>
        </div>
      ))}
    </dl>
  );
}
