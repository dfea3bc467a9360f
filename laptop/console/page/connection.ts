import { useEffect, useReducer, useRef, useState } from "preact/hooks";
import type { StackDescription, Update } from "../protocol";
import { fetchStack, UPDATES } from "./api";
import { EMPTY, reduce, type State } from "./store";

const RETRY_MILLISECONDS = 2000;

export interface Connection {
  /** Undefined until the laptop has answered for the first time. */
  stack: StackDescription | undefined;
  state: State;
  connected: boolean;
}

/** Follows the laptop's updates, and its description whenever it begins anew. */
export function useConnection(): Connection {
  const [stack, setStack] = useState<StackDescription>();
  const [connected, setConnected] = useState(true);
  const limits = useRef<StackDescription["limits"] | undefined>(undefined);
  const [state, receive] = useReducer(
    (before: State, update: Update) =>
      limits.current ? reduce(before, update, limits.current) : before,
    EMPTY,
  );
  useEffect(() => {
    const describe = async () => {
      const result = await fetchStack();
      if (!result.ok) return false;
      limits.current = result.value.limits;
      setStack(result.value);
      return true;
    };
    return follow(describe, receive, setConnected);
  }, []);
  return { stack, state, connected };
}

/** EventSource comes back by itself after a break, but not after a refusal. */
function follow(
  describe: () => Promise<boolean>,
  receive: (update: Update) => void,
  setConnected: (connected: boolean) => void,
): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const again = () => {
    setConnected(false);
    timer = setTimeout(() => void open(), RETRY_MILLISECONDS);
  };
  const open = async () => {
    if (!(await describe())) {
      again();
      return;
    }
    const current = new EventSource(UPDATES);
    source = current;
    current.onopen = () => setConnected(true);
    current.onerror = () => {
      if (current.readyState === EventSource.CLOSED) again();
      else setConnected(false);
    };
    current.addEventListener("update", ({ data }: MessageEvent<string>) => {
      const update = JSON.parse(data) as Update;
      if (update.fresh) void describe();
      receive(update);
    });
  };
  void open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
