import { copyProject } from "../../../harness/project-copy";
import { readProgram } from "../../../laptop/program/project";

function read(stackFile: string, stack = "dev") {
  const copy = copyProject({ "Pulumi.dev.yaml": stackFile });
  try {
    return readProgram(copy.directory, stack, { "order-processing:protectData": true });
  } finally {
    copy.remove();
  }
}

describe("the project's files", () => {
  it("give the program its name and its config as text", () => {
    expect(
      read("config:\n  aws:region: eu-west-1\n  order-processing:throttle: { rateLimit: 5 }\n"),
    ).toMatchObject({
      main: "index.ts",
      project: "order-processing",
      stack: "dev",
      config: {
        "aws:region": "eu-west-1",
        "order-processing:throttle": '{"rateLimit":5}',
        "order-processing:protectData": "true",
      },
    });
  });

  it.each(["", "config:\n", "{}"])("may have no config: %j", (text) => {
    expect(read(text).config).toEqual({ "order-processing:protectData": "true" });
  });

  it.each([
    ["config: [", /^Pulumi.dev.yaml: /],
    ["config: { protectData: true }", "the config key protectData has no namespace, such as aws:"],
    [
      "config: { a:b: { secure: x } }",
      "a:b is encrypted, and a laptop has no key: give it in plain text there",
    ],
  ])("are reported by name: %s", (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it("are missed by name", () => {
    expect(() => read("", "prod")).toThrow(/^there is no Pulumi.prod.yaml in /);
  });
});
