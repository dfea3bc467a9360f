import { CONCURRENT_INVOCATIONS } from "../../laptop/apigateway/integration";
import { HELP } from "../../laptop/arguments";
import { FAULT_KINDS } from "../../laptop/endpoint/fault-injection";
import { read, rowsOf } from "./project";

describe("docs/laptop.md", () => {
  const page = read("docs/laptop.md");
  const firstCells = (...columns: string[]) =>
    rowsOf(page, ...columns).map(([cell = ""]) => cell.replaceAll("`", ""));

  it("has the options of npm start", () => {
    const options = HELP.split("\n")
      .filter((line) => line.startsWith("  --"))
      .map((line) => line.trim().split("  ")[0]);
    expect(firstCells("option", "what")).toEqual(options);
  });

  it("has the kinds of faults", () => {
    expect(firstCells("fault", "what happens")).toEqual(FAULT_KINDS);
  });

  it("has the number of concurrent invocations", () => {
    expect(page).toContain(`of ${CONCURRENT_INVOCATIONS} concurrent API requests`);
  });
});
