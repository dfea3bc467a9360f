import type { Entry } from "../shop-server/ledger";
import { type Account, accountOf, entriesOf } from "./check";
import type { ExampleResult } from "./run";

const COLUMNS = ["charged", "refunded", "shipped", "recalled", "reserved", "released"] as const;

/** What the shop has done, by how the orders ended, as a Markdown table. */
export function exampleReport({ orders, books }: ExampleResult): string {
  const ends = [...new Set(orders.map(({ status }) => status))].sort();
  const rows = ends.map((end) => {
    const those = orders.filter(({ status }) => status === end);
    const account = accountOf(those.flatMap((order) => entriesOf(order, books.entries)));
    return rowOf(end, those.length, account);
  });
  return [
    `| end | orders | ${COLUMNS.join(" | ")} |`,
    `| --- |${" ---: |".repeat(COLUMNS.length + 1)}`,
    ...rows,
  ].join("\n");
}

export function exampleSummary(result: ExampleResult): string {
  const { books, killed, cancellations, violations } = result;
  const count = (what: Entry["what"]) => books.entries.filter((each) => each.what === what).length;
  return [
    `${killed} workers killed`,
    `${count("repeated")} requests repeated after their effect`,
    `${count("too late")} refused as their key was cancelled`,
    `${cancellations.inTime} cancellations in time and ${cancellations.tooLate} too late`,
    `${violations.length} violations`,
  ].join(", ");
}

function rowOf(end: string, orders: number, account: Account): string {
  const counts = COLUMNS.map((column) => account[column]);
  return `| ${[end, orders, ...counts].join(" | ")} |`;
}
