import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { readContract } from "../../../laptop/console/contract";

const directory = mkdtempSync(path.join(tmpdir(), "contract-"));
afterAll(() => rmSync(directory, { recursive: true }));

function read(text: string) {
  writeFileSync(path.join(directory, "api.yaml"), text);
  return readContract(directory, "api.yaml");
}

const CONTRACT = `
openapi: 3.1.0
servers: [{ url: https://api.example.com }]
paths:
  /notes:
    $ref: "#/components/pathItems/Notes"
  /notes/{id}:
    delete: {}
components:
  pathItems:
    Notes:
      post:
        summary: Keep a note
        requestBody: { $ref: "#/components/requestBodies/Note" }
      parameters: []
  requestBodies:
    Note:
      content:
        application/json:
          examples:
            short: { summary: A short one, value: { text: hi } }
            long: { $ref: "#/components/examples/Long" }
            none: { summary: Without a value, externalValue: elsewhere.json }
  examples:
    Long: { value: { text: long } }
`;

describe("a program's contract", () => {
  it("has a request for each example, by the references to them", () => {
    const headers = { "content-type": "application/json" };
    const post = { method: "POST", path: "/notes", headers };
    expect(read(CONTRACT).requests).toEqual([
      { ...post, title: "Keep a note: A short one", body: '{\n  "text": "hi"\n}' },
      { ...post, title: "Keep a note", body: '{\n  "text": "long"\n}' },
      { title: "DELETE /notes/{id}", method: "DELETE", path: "/notes/{id}", headers: {} },
    ]);
  });

  it("is of the running stack, once it runs", () => {
    const contract = read(CONTRACT);
    expect(contract.document("http://127.0.0.1:3000/dev/")).toMatchObject({
      servers: [{ url: "http://127.0.0.1:3000/dev" }],
    });
    expect(contract.document(undefined)).toMatchObject({
      servers: [{ url: "https://api.example.com" }],
    });
  });

  it.each(["hello", "[]", "a: b: c"])("is none: %j", (text) => {
    expect(() => read(text)).toThrow();
  });

  it("is none where there is no such file", () => {
    expect(() => readContract(directory, "none.yaml")).toThrow("none.yaml");
  });
});
