import type { NodeKind } from "../../protocol";

const STROKES: Record<NodeKind, string> = {
  api: "M2 8h12M8 2c-4 3.5-4 8.5 0 12M8 2c4 3.5 4 8.5 0 12M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12",
  function: "M4 2.5h2.5l5 11H14M7.8 6.5L3.5 13.5",
  queue: "M2.5 4h11v8h-11zM6.200 4v8M9.8 4v8",
  topic: "M3 8h3l4-4v8l-4-4M12.5 5.5c1.3 1.5 1.3 3.5 0 5",
  table: "M2.5 3h11v10h-11zM2.5 6.5h11M2.5 9.8h11M6.5 6.5v6.5",
  schedule: "M8 2a6 6 0 1 0 0 12a6 6 0 1 0 0-12M8 4.8V8l2.5 1.5",
  subscriber: "M2 4h12v8.5H2zM2 4.5l6 4.5l6-4.5",
};

export function Icon({ kind }: { kind: NodeKind }) {
  return (
    <svg
      class={`icon of-${kind}`}
      width="16"
      height="16"
      viewBox="0 0 16 16"
      role="img"
      aria-label={kind}
    >
      <path d={STROKES[kind]} />
    </svg>
  );
}
