import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { findStack } from "../../operations/target/find-stack";
import { stackNamesOf } from "../../operations/target/options";
import { entriesOf, stackOf } from "../../operations/target/stack";
import { stackOutputs } from "../support/stack-outputs";
import { closedOutputs } from "./closed-outputs";

const directory = mkdtempSync(path.join(tmpdir(), "order-processing-target-"));
const file = path.join(directory, "outputs.json");
const env = { PATH: [directory, "/bin"].join(path.delimiter) };
afterAll(() => rmSync(directory, { recursive: true }));

/** Stands in for the CLI, which needs an account. */
function installPulumi(script: string): void {
  writeFileSync(path.join(directory, "pulumi"), `#!/bin/sh\n${script}`, { mode: 0o755 });
}

async function onLaptop(respond: (url: string | undefined) => [number, string]) {
  const server = createServer((request, response) => {
    const [status, body] = respond(request.url);
    response.writeHead(status).end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    return { endpoint, found: await findStack({ kind: "laptop", endpoint }) };
  } finally {
    server.close();
  }
}

describe("a stack", () => {
  const about = { name: "prod", prefix: "order-processing-prod-", region: "eu-west-1" };

  it("is found by Pulumi's outputs, which show secrets to those that need them only", async () => {
    const outputs = JSON.stringify(stackOutputs("prod"));
    installPulumi(`case "$*" in
"stack output --json --stack prod") echo '${outputs}' ;;
"stack output --json --stack prod --show-secrets") echo '${outputs.replace("[secret]", "k")}' ;;
*) exit 1 ;;
esac`);
    const names = stackNamesOf({ stack: "prod" });
    const stack = { ...about, account: "123456789012", endpoint: undefined };
    expect(await findStack(names, { env })).toEqual({ ...stack, outputs: stackOutputs("prod") });
    const shown = { ...stack, outputs: { ...stackOutputs("prod"), apiKey: "k" } };
    expect(await findStack(names, { env, showSecrets: true })).toEqual(shown);
  });

  it("is found by a file of outputs", async () => {
    writeFileSync(file, JSON.stringify(stackOutputs("prod")));
    const names = stackNamesOf({ outputs: file });
    expect(await findStack(names)).toMatchObject(about);
    await expect(findStack(names, { showSecrets: true })).rejects.toThrow(
      `${file} hides the API key: write it with --show-secrets`,
    );
  });

  it("has whom it answers, and the functions for it, where it is closed", async () => {
    writeFileSync(file, JSON.stringify({ ...closedOutputs(), apiKey: "k" }));
    const { name, outputs } = await findStack(stackNamesOf({ outputs: file }));
    expect([name, outputs]).toEqual(["closed", { ...closedOutputs(), apiKey: "k" }]);
    const names = entriesOf(outputs.functionNames).map(([each]) => each);
    expect(names).toEqual(expect.arrayContaining(["create-order", "authorize-caller"]));
    const open = stackOf({ ...stackOutputs(), auth: null }, "a file").outputs;
    expect(entriesOf(open.logGroupNames)).toHaveLength(names.length - 2);
  });

  it("is found on the laptop, at its address", async () => {
    const { endpoint, found } = await onLaptop((url) =>
      url === "/_laptop/outputs" ? [200, JSON.stringify(stackOutputs())] : [404, ""],
    );
    expect(found).toMatchObject({ name: "dev", endpoint, outputs: stackOutputs() });
  });
});

describe("where a stack is missing", () => {
  it("there is a sentence about Pulumi", async () => {
    const nowhere = { PATH: path.join(directory, "empty") };
    await expect(findStack(stackNamesOf({}), { env: nowhere })).rejects.toThrow(
      /^pulumi is not installed here: get it from https:.* give --outputs <file>/,
    );
    installPulumi("echo \"error: no stack named 'dev' found\" >&2; exit 255");
    await expect(findStack(stackNamesOf({}), { env })).rejects.toThrow(
      [
        "pulumi stack output --json --stack dev failed:",
        "  error: no stack named 'dev' found",
        "`pulumi login` logs in, `pulumi stack ls` lists the stacks, `pulumi up` deploys one.",
      ].join("\n"),
    );
  });

  it("there is a sentence about its outputs", async () => {
    installPulumi("echo '{}'");
    await expect(findStack(stackNamesOf({}), { env })).rejects.toThrow(
      "the stack dev has no apiUrl: deploy this checkout with `pulumi up`",
    );
    writeFileSync(file, JSON.stringify({ ...stackOutputs(), functionNames: {} }));
    await expect(findStack(stackNamesOf({ outputs: file }))).rejects.toThrow(
      `${file} has no functionNames.create-order: deploy this checkout`,
    );
    const foreign = { ...stackOutputs().logGroupNames, "create-order": "/aws/lambda/shop-dev-x" };
    writeFileSync(file, JSON.stringify({ ...stackOutputs(), logGroupNames: foreign }));
    await expect(findStack(stackNamesOf({ outputs: file }))).rejects.toThrow(
      `${file} has a log group of another program: /aws/lambda/shop-dev-x`,
    );
  });

  it("there is a sentence about the file", async () => {
    const missing = path.join(directory, "none.json");
    await expect(findStack(stackNamesOf({ outputs: missing }))).rejects.toThrow(
      /^--outputs takes a file that `pulumi stack output --json` has written: ENOENT/,
    );
  });

  it("there is a sentence about the laptop", async () => {
    await expect(onLaptop(() => [404, ""])).rejects.toThrow(
      /^no laptop stack answers at http:\/\/127\.0\.0\.1:\d+: is npm start running there\?$/,
    );
  });
});
