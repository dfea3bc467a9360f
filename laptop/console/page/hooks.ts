import { createContext } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import type { StackDescription } from "../protocol";
import type { Result } from "./api";
import { parseRoute, type Route } from "./route";
import type { State } from "./store";

/** What each page is drawn from. */
export interface Console {
  stack: StackDescription;
  state: State;
  now: number;
}

export const ConsoleContext = createContext<Console | undefined>(undefined);

export function useConsole(): Console {
  const console = useContext(ConsoleContext);
  if (!console) throw new Error("not inside of the console");
  return console;
}

/** Loaded when `key` changes; what was there stays until the new is. */
export function useLoaded<T>(load: () => Promise<Result<T>>, key: string): Result<T> | undefined {
  const [result, setResult] = useState<Result<T>>();
  useEffect(() => {
    let current = true;
    void load().then((loaded) => {
      if (current) setResult(loaded);
    });
    return () => {
      current = false;
    };
  }, [key]);
  return result;
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const listener = () => setHash(location.hash);
    addEventListener("hashchange", listener);
    return () => removeEventListener("hashchange", listener);
  }, []);
  return parseRoute(hash);
}

export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

export function focusMain(): void {
  document.getElementById("main")?.focus();
}

/** Begins another page at its top, also for a keyboard and a screen reader. */
export function useArrival(place: string): void {
  const before = useRef(place);
  useEffect(() => {
    if (before.current === place) return;
    before.current = place;
    scrollTo(0, 0);
    focusMain();
  }, [place]);
}

export function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const listener = () => setMatches(list.matches);
    list.addEventListener("change", listener);
    return () => list.removeEventListener("change", listener);
  }, [query]);
  return matches;
}

/** A button's errand: what is going on, and what it came to. */
export function useAction<T>(run: () => Promise<Result<T>>) {
  const [busy, setBusy] = useState(false);
  const [result, setResult] = useState<Result<T>>();
  const start = () => {
    setBusy(true);
    void run().then((done) => {
      setBusy(false);
      setResult(done);
    });
  };
  return { start, busy, result };
}
