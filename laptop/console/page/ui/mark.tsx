import type { ComponentChildren } from "preact";
import { type Tone, toneOf, toneOfResponse } from "../format";

export function Mark({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`mark ${tone}`}>{children}</span>;
}

export function StatusMark({ status }: { status: string | number | undefined }) {
  if (status === undefined) return null;
  const tone = typeof status === "number" ? toneOfResponse(status) : toneOf(status);
  return <Mark tone={tone}>{status}</Mark>;
}
