import type { Result } from "../api";

/** What went wrong, in words; nothing while all is well. */
export function Problem({ of }: { of: Result<unknown> | undefined }) {
  if (!of || of.ok) return null;
  return (
    <p class="problem" role="alert">
      {of.message}
    </p>
  );
}
