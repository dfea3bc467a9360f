import { useState } from "preact/hooks";

/** A command of the shell, with a button that copies it. */
export function Command({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => void navigator.clipboard.writeText(text).then(() => setCopied(true));
  return (
    <div class="command">
      <code>{text}</code>
      <button type="button" class="small" onClick={copy} onBlur={() => setCopied(false)}>
        {copied ? "Copied" : "Copy"}
      </button>
    </div>
  );
}
