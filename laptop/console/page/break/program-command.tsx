import type { ProgramCommand } from "../../protocol";
import { runCommand } from "../api";
import { useAction } from "../hooks";
import { Command } from "../ui/command";
import { Mark } from "../ui/mark";
import { Problem } from "../ui/problem";

/** One of package.json's, and what it printed. */
export function ProgramCommandView({ command }: { command: ProgramCommand }) {
  const { start, busy, result } = useAction(() => runCommand(command.name));
  return (
    <div class="program-command">
      <h3>{command.title}</h3>
      <button type="button" onClick={start} disabled={busy} aria-label={`Run: ${command.title}`}>
        {busy ? "Running…" : "Run"}
      </button>
      <Command text={command.command} />
      <div aria-live="polite">
        <Problem of={result} />
        {result?.ok && (
          <>
            <Mark tone={result.value.exitCode === 0 ? "ok" : "bad"}>
              exit code {result.value.exitCode}
            </Mark>
            <pre tabIndex={0} aria-label={`Output of ${command.title}`}>
              {result.value.output || "(no output)"}
            </pre>
          </>
        )}
      </div>
    </div>
  );
}
