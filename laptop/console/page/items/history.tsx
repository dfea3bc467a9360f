import type { Change, Write } from "../../protocol";
import { clock, duration, pretty } from "../format";
import { traceLink } from "../route";

/** Each write of an item, oldest first. */
export function History({ history, writes }: { history: Write[]; writes: number }) {
  const first = history[0]?.at ?? 0;
  const forgotten = writes - history.length;
  return (
    <>
      {forgotten > 0 && <p class="muted">{forgotten} after the first one are forgotten.</p>}
      <ol class="history">
        {history.map((write, index) => (
          <Entry key={index} write={write} first={first} />
        ))}
      </ol>
    </>
  );
}

function Entry({ write, first }: { write: Write; first: number }) {
  const { at, action, by, pid, receives, requestId, trace, changes } = write;
  return (
    <li>
      <p>
        <time title={requestId}>{clock(at)}</time>{" "}
        <span class="muted">{at === first ? "first" : `+${duration(at - first)}`}</span>
      </p>
      <p>
        <b>{action}</b> by {by}
        <span class="muted">
          {pid !== undefined && ` pid ${pid}`}
          {receives !== undefined && `, receive ${receives}`}
        </span>{" "}
        {trace && <a href={traceLink(trace)}>trace</a>}
      </p>
      {changes.length === 0 && <p class="muted">Nothing changed.</p>}
      <ul class="changes">
        {changes.map((change) => (
          <ChangeLine key={change.attribute} {...change} />
        ))}
      </ul>
    </li>
  );
}

function ChangeLine({ attribute, before, after }: Change) {
  return (
    <li>
      <span class="attribute">{attribute}</span>
      <span class="values">
        {before !== undefined && (
          <del>
            <span class="hidden">from </span>
            {pretty(before)}
          </del>
        )}
        {before !== undefined && <span class="arrow">→</span>}
        {after === undefined ? (
          <em>removed</em>
        ) : (
          <ins>
            <span class="hidden">to </span>
            {pretty(after)}
          </ins>
        )}
      </span>
    </li>
  );
}
