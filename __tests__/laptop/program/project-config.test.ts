import { copyProject } from "../../../harness/project-copy";
import { readProgram } from "../../../laptop/program/project";

/** The config of a project with this `config:`, and a stack with that one. */
function configOf(ofProject: string, ofStack = "{}"): Record<string, string> {
  const copy = copyProject({
    "Pulumi.yaml": `name: shop\nruntime: nodejs\nconfig: ${ofProject}\n`,
    "Pulumi.dev.yaml": `config: ${ofStack}\n`,
  });
  try {
    return readProgram(copy.directory, "dev", {}).config;
  } finally {
    copy.remove();
  }
}

describe("the project's config", () => {
  it.each([
    ["{ size: 5 }", "{}", { "shop:size": "5" }],
    ["{ size: 5 }", "{ shop:size: 6 }", { "shop:size": "6" }],
    ["{ aws:region: eu-west-1 }", "{}", { "aws:region": "eu-west-1" }],
    ["{ aws:region: { value: eu-west-1 } }", "{ aws:region: x }", { "aws:region": "x" }],
    ["{ on: { type: boolean, default: false } }", "{}", { "shop:on": "false" }],
    ["{ n: { type: integer, default: 1 } }", '{ shop:n: "2" }', { "shop:n": "2" }],
    [
      "{ names: { type: array, items: { type: string }, description: who, default: [a] } }",
      "{}",
      { "shop:names": '["a"]' },
    ],
    [
      "{ limits: { type: object } }",
      "{ shop:limits: { rate: 1 } }",
      { "shop:limits": '{"rate":1}' },
    ],
    ["", "{ shop:n: 1 }", { "shop:n": "1" }],
  ])("%s is below the stack's %s", (ofProject, ofStack, expected) => {
    expect(configOf(ofProject, ofStack)).toEqual(expected);
  });

  it.each([
    ["{ n: { type: integer } }", "{ shop:n: ten }", "shop:n must be of type integer"],
    ["{ n: { type: integer, default: 1.5 } }", "{}", "shop:n must be of type integer"],
    ["{ on: { type: boolean } }", "{ shop:on: 1 }", "shop:on must be of type boolean"],
    ["{ s: { type: string } }", "{ shop:s: [a] }", "shop:s must be of type string"],
    ["{ a: { type: array } }", "{ shop:a: { b: 1 } }", "shop:a must be of type array"],
    ["{ o: { type: object } }", "{ shop:o: [1] }", "shop:o must be of type object"],
    [
      "{ a: { type: array, items: { type: integer } } }",
      "{ shop:a: [1, x] }",
      "an item of shop:a must be of type integer",
    ],
    ["{ n: { type: integer } }", "{}", "shop:n has no value, nor a default in Pulumi.yaml"],
    [
      "{ aws:region: { type: string, default: x } }",
      "{}",
      "Pulumi.yaml: aws:region is not the project's own: it takes a value only",
    ],
    ["{ n: { type: real } }", "{}", /^Pulumi.yaml: .*config\.n/],
  ])("%s refuses the stack's %s", (ofProject, ofStack, reason) => {
    expect(() => configOf(ofProject, ofStack)).toThrow(reason);
  });
});
