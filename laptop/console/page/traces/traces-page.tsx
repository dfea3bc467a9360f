import { useState } from "preact/hooks";
import { searchTraces } from "../api";
import { useConsole, useLoaded } from "../hooks";
import { nothingYet } from "../store";
import { Empty } from "../ui/empty";
import { Problem } from "../ui/problem";
import { Search } from "../ui/search";
import { TraceTable } from "./trace-table";

export function TracesPage() {
  const { stack, state } = useConsole();
  const [text, setText] = useState("");
  return (
    <>
      <header class="heading">
        <h1>Traces</h1>
        <p class="muted wide">
          The last {stack.limits.traces.toLocaleString("en")} are remembered.
        </p>
        <Search label="Search by name or id" value={text} onInput={setText} />
      </header>
      {nothingYet(state) && <Empty />}
      {text !== "" && <Found text={text} />}
      {text === "" && state.traces.length > 0 && <TraceTable traces={state.traces} />}
    </>
  );
}

function Found({ text }: { text: string }) {
  const { state } = useConsole();
  const found = useLoaded(() => searchTraces(text), `${text} ${state.updates}`);
  return (
    <>
      <Problem of={found} />
      {found?.ok && found.value.length > 0 && <TraceTable traces={found.value} />}
      {found?.ok && found.value.length === 0 && <p class="muted">No trace has that name or id.</p>}
    </>
  );
}
