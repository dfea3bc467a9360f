import { INCIDENTS } from "../../rehearsal/incidents";
import { rehearse } from "../../rehearsal/rehearse";
import { rehearsalReport } from "../../rehearsal/report";

it("an incident goes from its cause to its cure as the runbook has it", async () => {
  const incident = INCIDENTS.find(({ name }) => name === "publishing-denied");
  if (!incident) throw new Error("there is no such incident");
  const lines: string[] = [];

  const went = await rehearse(incident, (line) => lines.push(line));

  expect([...went.answers.keys()]).toEqual([202]);
  expect([...went.ends.keys()]).toEqual(["COMPLETED"]);
  expect(lines).toContain("  $ pulumi up --refresh --stack dev");
  expect(rehearsalReport([went])).toContain("| publishing-denied | notifications-failed | ");
}, 240_000);
