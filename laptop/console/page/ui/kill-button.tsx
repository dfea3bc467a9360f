import { kill } from "../api";
import { useAction } from "../hooks";
import { Problem } from "./problem";

export function KillButton({ name, pid }: { name: string; pid: number }) {
  const { start, busy, result } = useAction(() => kill(name, pid));
  return (
    <>
      <button
        type="button"
        class="small danger"
        onClick={start}
        disabled={busy}
        aria-label={`Kill ${name}, pid ${pid}`}
      >
        Kill
      </button>
      <Problem of={result} />
    </>
  );
}
