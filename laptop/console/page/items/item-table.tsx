import type { ItemSummary } from "../../protocol";
import { age, clock } from "../format";
import { useConsole } from "../hooks";
import { itemLink } from "../route";
import { itemKey } from "../store";
import { Mark, StatusMark } from "../ui/mark";

export function ItemTable({ items }: { items: ItemSummary[] }) {
  return (
    <table class="list">
      <thead>
        <tr>
          <th scope="col">Key</th>
          <th scope="col">Status</th>
          <th scope="col" class="number">
            Writes
          </th>
          <th scope="col" class="number">
            Changed
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <Row key={itemKey(item)} item={item} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ item }: { item: ItemSummary }) {
  const { now } = useConsole();
  const { table, id, key, status, deleted, writes, changedAt } = item;
  return (
    <tr>
      <td class="title">
        <a href={itemLink(table, id)}>
          <code>{Object.values(key).join(" / ")}</code>
        </a>
      </td>
      <td>{deleted ? <Mark tone="quiet">deleted</Mark> : <StatusMark status={status} />}</td>
      <td class="number">{writes}</td>
      <td class="number muted" title={clock(changedAt)}>
        {age(changedAt, now)}
      </td>
    </tr>
  );
}
