import type { LogLine } from "../../protocol";
import { clock } from "../format";

export function Log({ lines }: { lines: LogLine[] }) {
  return (
    <ol class="log" tabIndex={0} aria-label="Log">
      {lines.map(({ at, level, text }, index) => (
        <li key={index} class={levelTone(level)}>
          <time>{clock(at)}</time> <b>{level}</b> <span>{text}</span>
        </li>
      ))}
    </ol>
  );
}

export function levelTone(level: string): string {
  if (/error|fatal/i.test(level)) return "bad";
  return /warn/i.test(level) ? "open" : "";
}
