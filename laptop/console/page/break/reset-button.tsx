import { useState } from "preact/hooks";
import { reset } from "../api";
import { useAction } from "../hooks";
import { Command } from "../ui/command";
import { Problem } from "../ui/problem";

/** Pressed twice, as nothing brings back what is gone. */
export function ResetButton() {
  const [sure, setSure] = useState(false);
  const { start, busy, result } = useAction(reset);
  const press = () => {
    if (sure) start();
    setSure(!sure);
  };
  return (
    <>
      <button
        type="button"
        class="danger"
        onClick={press}
        onBlur={() => setSure(false)}
        disabled={busy}
      >
        {sure ? "Press again: everything goes" : "Empty the stack"}
      </button>
      <Problem of={result} />
      <Command text="npm run reset" />
    </>
  );
}
