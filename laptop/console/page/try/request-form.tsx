import { useState } from "preact/hooks";
import type { ExampleRequest } from "../../protocol";
import { curl } from "../commands";
import { useAction, useConsole } from "../hooks";
import { Command } from "../ui/command";
import { Field, Fields, TextArea } from "./fields";
import { exampleRequest, filledPath, newestKeys, pathParameters } from "./request";
import { ResponseView } from "./response-view";
import { send } from "./send";

export function RequestForm({ example }: { example: ExampleRequest }) {
  const { stack, state } = useConsole();
  const [values, setValues] = useState(() => newestKeys(pathParameters(example.path), state.items));
  const [headers, setHeaders] = useState(exampleRequest(example, stack.outputs, "").headers);
  const [token, setToken] = useState("");
  const [body, setBody] = useState(example.body ?? "");
  const request = {
    ...exampleRequest(example, stack.outputs, location.origin),
    headers: { ...headers, ...(token !== "" && { authorization: `Bearer ${token}` }) },
    ...(example.body !== undefined && { body }),
  };
  request.url = filledPath(request.url, values);
  const { start, busy, result } = useAction(() => send(request));
  const submit = (event: Event) => {
    event.preventDefault();
    start();
  };
  return (
    <div class="sending">
      <form onSubmit={submit} class="card">
        <Fields names={pathParameters(example.path)} values={values} change={setValues} required />
        <Fields names={Object.keys(headers)} values={headers} change={setHeaders} />
        <Field label="Bearer token" value={token} change={setToken} />
        {example.body !== undefined && <TextArea label="Body" value={body} change={setBody} />}
        <button type="submit" class="primary" disabled={busy}>
          {busy ? "Sending…" : "Send"}
        </button>
      </form>
      <ResponseView result={result} />
      <section>
        <h2>The same in a terminal</h2>
        <Command text={curl(request)} />
      </section>
    </div>
  );
}
