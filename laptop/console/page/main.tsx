import { render } from "preact";
import { BreakPage } from "./break/break-page";
import { useConnection } from "./connection";
import { Header } from "./header";
import { ConsoleContext, focusMain, useArrival, useNow, useRoute } from "./hooks";
import { ItemPage } from "./items/item-page";
import { ItemsPage } from "./items/items-page";
import { MapPage } from "./map/map-page";
import type { Route } from "./route";
import { TracePage } from "./traces/trace-page";
import { TracesPage } from "./traces/traces-page";
import { TryPage } from "./try/try-page";

function App() {
  const { stack, state, connected } = useConnection();
  const route = useRoute();
  const now = useNow();
  useArrival(placeOf(route));
  if (!stack) {
    return (
      <main>
        <p role="status">{connected ? "Loading…" : "The laptop stack does not answer yet."}</p>
      </main>
    );
  }
  document.title = `${stack.project} ${stack.stack}: ${route.page}`;
  return (
    <ConsoleContext.Provider value={{ stack, state, now }}>
      <a class="skip" href="#main" onClick={toMain}>
        Skip to content
      </a>
      <Header page={route.page} connected={connected} />
      <main id="main" tabIndex={-1}>
        <Page route={route} />
      </main>
    </ConsoleContext.Provider>
  );
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case "map":
      return <MapPage selected={route.node} />;
    case "traces":
      return route.trace ? <TracePage key={route.trace} id={route.trace} /> : <TracesPage />;
    case "items":
      return route.table && route.item ? (
        <ItemPage key={route.item} table={route.table} id={route.item} />
      ) : (
        <ItemsPage key={route.table} table={route.table} />
      );
    case "try":
      return <TryPage />;
    case "break":
      return <BreakPage />;
  }
}

/** What is another page, rather than another part of the same. */
function placeOf(route: Route): string {
  return route.page === "map" ? route.page : JSON.stringify(route);
}

/** The hash is the route: the link must not change it. */
function toMain(event: Event) {
  event.preventDefault();
  focusMain();
}

render(<App />, document.body);
