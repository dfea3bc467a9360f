import { type Rehearsal, seconds } from "./rehearse";

/** A table, a row for each incident. */
export function rehearsalReport(rehearsals: Rehearsal[]): string {
  const rows = rehearsals.map(
    ({ incident, alarmAfter, otherAlarms, answers, overAfter, ends }) =>
      [
        incident.name,
        incident.alarm,
        seconds(alarmAfter),
        counts(answers),
        seconds(overAfter),
        counts(ends),
        otherAlarms.join(", "),
      ] as const,
  );
  const head = ["incident", "alarm", "after", "answers", "over after", "orders", "other alarms"];
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function counts(counted: ReadonlyMap<number | string, number>): string {
  return [...counted].map(([what, count]) => `${count} × ${what}`).join(", ");
}
