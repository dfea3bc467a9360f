/** Where the page is, as its hash says. */
export type Route =
  | { page: "map"; node?: string }
  | { page: "traces"; trace?: string }
  | { page: "items"; table?: string; item?: string }
  | { page: "try" }
  | { page: "break" };

/** An item's id stays as it is: the values of its key are encoded already. */
export function parseRoute(hash: string): Route {
  const [page = "", first = "", ...rest] = hash.replace(/^#\/?/, "").split("/");
  const more = rest.join("/");
  switch (page) {
    case "map":
      return { page, ...(first && { node: decode(first) }) };
    case "traces":
      return { page, ...(first && { trace: decode(first) }) };
    case "items":
      return { page, ...(first && { table: decode(first) }), ...(more && { item: more }) };
    case "try":
    case "break":
      return { page };
    default:
      return { page: "map" };
  }
}

export const nodeLink = (node: string) => `#/map/${encodeURIComponent(node)}`;
export const traceLink = (id: string) => `#/traces/${encodeURIComponent(id)}`;
export const tableLink = (table: string) => `#/items/${encodeURIComponent(table)}`;
export const itemLink = (table: string, id: string) => `${tableLink(table)}/${id}`;

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
