import { useState } from "preact/hooks";
import { searchItems } from "../api";
import { useConsole, useLoaded } from "../hooks";
import { tableLink } from "../route";
import { nothingYet } from "../store";
import { Empty } from "../ui/empty";
import { Problem } from "../ui/problem";
import { Search } from "../ui/search";
import { ItemTable } from "./item-table";

export function ItemsPage({ table: asked }: { table: string | undefined }) {
  const { stack, state } = useConsole();
  const [text, setText] = useState("");
  const tables = stack.map.nodes.filter(({ kind }) => kind === "table").map(({ name }) => name);
  const table = asked ?? tables[0];
  if (table === undefined) return <p class="muted">The program has no table.</p>;
  const items = state.items.filter((item) => item.table === table);
  return (
    <>
      <header class="heading">
        <h1>Items</h1>
        <nav class="tabs" aria-label="Tables">
          {tables.map((name) => (
            <a key={name} href={tableLink(name)} aria-current={name === table ? "page" : undefined}>
              {name}
            </a>
          ))}
        </nav>
        <Search label="Search by key" value={text} onInput={setText} />
      </header>
      {nothingYet(state) && <Empty />}
      {text !== "" && <Found table={table} text={text} />}
      {text === "" && items.length > 0 && <ItemTable items={items} />}
      {text === "" && items.length === 0 && <p class="muted">The table is empty.</p>}
    </>
  );
}

function Found({ table, text }: { table: string; text: string }) {
  const { state } = useConsole();
  const found = useLoaded(() => searchItems(table, text), `${table} ${text} ${state.updates}`);
  return (
    <>
      <Problem of={found} />
      {found?.ok && found.value.length > 0 && <ItemTable items={found.value} />}
      {found?.ok && found.value.length === 0 && <p class="muted">No key contains that.</p>}
    </>
  );
}
