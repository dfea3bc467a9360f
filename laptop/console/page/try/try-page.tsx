import { useState } from "preact/hooks";
import { CONSOLE } from "../../protocol";
import { useConsole } from "../hooks";
import { RequestForm } from "./request-form";

export function TryPage() {
  const { stack } = useConsole();
  const [chosen, setChosen] = useState(0);
  const example = stack.requests[chosen];
  return (
    <>
      <header class="heading">
        <h1>Try</h1>
        {stack.hasContract && <a href={`${CONSOLE}/reference/`}>API reference</a>}
      </header>
      {!example && (
        <p class="muted">
          No examples: name the API's contract in package.json, under laptop.openapi.
        </p>
      )}
      {example && (
        <div class="trying">
          <ul class="choices" aria-label="Requests">
            {stack.requests.map(({ title, method, path }, index) => (
              <li key={title}>
                <button
                  type="button"
                  aria-pressed={index === chosen}
                  onClick={() => setChosen(index)}
                >
                  <b>{title}</b>
                  <code>
                    <span class={`method ${method.toLowerCase()}`}>{method}</span> {path}
                  </code>
                </button>
              </li>
            ))}
          </ul>
          <RequestForm key={chosen} example={example} />
        </div>
      )}
    </>
  );
}
