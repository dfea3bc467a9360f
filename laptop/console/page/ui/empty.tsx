import { curl } from "../commands";
import { useConsole } from "../hooks";
import { exampleRequest } from "../try/request";
import { Command } from "./command";

/** What to do next while nothing has happened yet. */
export function Empty() {
  const { stack } = useConsole();
  const first = stack.requests.find(({ method }) => method === "POST") ?? stack.requests[0];
  return (
    <section class="empty">
      <h2>Nothing has happened yet</h2>
      {first ? (
        <>
          <p>
            Send the first request from a terminal, or <a href="#/try">from here</a>:
          </p>
          <Command text={curl(exampleRequest(first, stack.outputs, location.origin))} />
        </>
      ) : (
        <p>Send a request to the API: what becomes of it appears here.</p>
      )}
    </section>
  );
}
