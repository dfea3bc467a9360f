import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { deflateRawSync } from "node:zlib";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";
import { build } from "esbuild";
import { makeCreateOrder } from "../../handlers/create-order";
import { makeGetOrder } from "../../handlers/get-order";
import { copyProject } from "../../harness/project-copy";
import { readProgram } from "../../laptop/program/project";
import { evaluateProgram } from "../support/aws-mocks";
import { CLOSED_FUNCTIONS, FUNCTIONS } from "../support/function-names";
import { httpEvent } from "../support/http-event";
import { runProgram } from "../support/run-program";
import { telemetry } from "../support/telemetry";

type Archives = Record<string, Record<string, string>>;

const PROJECT = path.join(__dirname, "..", "..");
const ENTRY = "__index.js";
const MAX_ZIPPED_BYTES = 250 * 1024;
/** What a zip file holds besides its one entry's compressed bytes. */
const ZIP_OVERHEAD_BYTES = 200;
const AUTH = { issuer: "https://issuer.example.com/", audience: "orders" };
const ENVIRONMENT = {
  AUDIENCE: AUTH.audience,
  CUSTOMER_CLAIM: "sub",
  ISSUER: AUTH.issuer,
  JWKS_URI: `${AUTH.issuer}keys`,
  STAFF_CLAIM: "scope",
  ACCESS: "open",
  AWS_REGION: "eu-west-1",
  BACKOFF_SECONDS: "10",
  FIRST_CHECK_SECONDS: "120",
  MAXIMUM_CONCURRENCY: "5",
  MAX_ATTEMPTS: "20",
  MAX_BACKOFF_SECONDS: "3600",
  NEXT_CHECK_SECONDS: "300",
  NOTIFICATION_LANGUAGE: "en",
  QUEUE_URL: "https://example.com/queue",
  STACK: "dev",
  TABLE_NAME: "orders",
  TIMEOUT_SECONDS: "30",
  TOPIC_ARN: "arn:aws:sns:eu-west-1:123456789012:order-events",
};

let archives: Archives;

beforeAll(async () => {
  archives = await archivesOf(PROJECT, "dev");
});

/** The archives that the program registers with an issuer, run as `pulumi up` runs it. */
async function archivesOf(directory: string, stack: string): Promise<Archives> {
  const found: Archives = {};
  const program = readProgram(directory, "dev", { "order-processing:auth": AUTH });
  await runProgram({ ...program, stack }, ({ type, name, inputs }) => {
    if (type === "aws:lambda/function:Function") found[name] = filesOf(inputs);
    return Promise.resolve({ id: name, outputs: { ...inputs, name, arn: `arn:aws:x:${name}` } });
  });
  return found;
}

function filesOf(inputs: Record<string, unknown>): Record<string, string> {
  return (inputs["code"] as { files: Record<string, string> }).files;
}

/** Loads an archive in a directory that holds nothing else and runs an expression on its handler. */
function inBareDirectory(name: string, expression: string, input: unknown = null): unknown {
  const directory = mkdtempSync(path.join(tmpdir(), "order-processing-archive-"));
  try {
    for (const [file, text] of Object.entries(archives[name] ?? {})) {
      writeFileSync(path.join(directory, file), text);
    }
    const script = `
      const shipped = require("./__index").handler;
      const handler = (event) => shipped(event, { awsRequestId: "request-1" });
      const input = JSON.parse(require("fs").readFileSync(0, "utf8"));
      Promise.resolve(${expression}).then((result) => console.log(JSON.stringify(result)));`;
    const output = execFileSync(process.execPath, ["-e", script], {
      cwd: directory,
      env: { ...ENVIRONMENT, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
      input: JSON.stringify(input),
      encoding: "utf8",
      stdio: "pipe",
    });
    // What the handler logs stands before its result.
    return JSON.parse(output.trimEnd().split("\n").at(-1) ?? "");
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe("the archives", () => {
  const having = (text: string) =>
    CLOSED_FUNCTIONS.filter((name) => archives[name]?.[ENTRY]?.includes(text) === true);

  it("are one for each function, of one file", () => {
    expect(Object.keys(archives).sort()).toEqual(CLOSED_FUNCTIONS);
    for (const files of Object.values(archives)) expect(Object.keys(files)).toEqual([ENTRY]);
  });

  it.each(CLOSED_FUNCTIONS)("%s is at most 250 KB zipped", (name) => {
    const zipped = deflateRawSync(archives[name]?.[ENTRY] ?? "").length + ZIP_OVERHEAD_BYTES;
    expect(zipped).toBeGreaterThan(10_000);
    expect(zipped).toBeLessThanOrEqual(MAX_ZIPPED_BYTES);
  });

  it.each(CLOSED_FUNCTIONS)("%s requires nothing but Node's own modules", async (name) => {
    const contents = archives[name]?.[ENTRY] ?? "";
    // Fails on a module that is neither Node's nor found; from here, none is to be found.
    const { metafile } = await build({
      stdin: { contents, resolveDir: tmpdir() },
      bundle: true,
      platform: "node",
      metafile: true,
      write: false,
      tsconfigRaw: "{}",
    });
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
    const required = imports.map(({ path: module }) => module.replace(/^node:/, ""));
    expect(required.length).toBeGreaterThan(0);
    expect(required.filter((module) => !builtinModules.includes(module))).toEqual([]);
  });

  it.each(CLOSED_FUNCTIONS)(
    "%s has a handler that nodejs24.x takes: without a callback",
    (name) => {
      expect(inBareDirectory(name, "handler.length")).toBeLessThanOrEqual(2);
    },
  );

  it("make none of their functions by each call", () => {
    expect(having(".apply(void 0,void 0).apply(this,arguments)")).toEqual([]);
  });

  it("have the business step and its undo in process-order alone, and are the same to the byte elsewhere", async () => {
    const steps = `
      export async function fulfilOrder() { return { rejected: "a step of their own" }; }
      export async function abandonOrder() { throw new Error("an undo of their own"); }`;
    const copy = copyProject({ "handlers/fulfil-order.ts": steps });
    try {
      const { "process-order": own, ...others } = await archivesOf(copy.directory, "prod");
      const { "process-order": _ours, ...same } = archives;
      expect(others).toEqual(same);
      expect(own?.[ENTRY]).toContain("a step of their own");
      expect(own?.[ENTRY]).toContain("an undo of their own");
      expect(own?.[ENTRY]).not.toContain("[big.js]");
    } finally {
      copy.remove();
    }
    expect(having("[big.js]")).toEqual(["process-order"]);
  });

  it("have clients of those services only that their functions call", () => {
    const others = (...names: string[]) => CLOSED_FUNCTIONS.filter((name) => !names.includes(name));
    expect(having("DynamoDB_20120810")).toEqual(others("authorize-caller"));
    expect(having("AmazonSQS")).toEqual(others("authorize-caller", "get-order", "list-orders"));
    expect(having("AmazonSimpleNotificationService")).toEqual(["process-order"]);
  });

  it("are the same to the byte as those that the other tests see, and without an issuer", async () => {
    const { resources } = await evaluateProgram();
    const functions = resources.filter(({ type }) => type === "aws:lambda/function:Function");
    const seen = Object.fromEntries(functions.map(({ name, inputs }) => [name, filesOf(inputs)]));
    expect(Object.keys(seen).sort()).toEqual(FUNCTIONS);
    expect(archives).toMatchObject(seen);
  });

  it("do not repeat what was on the deployer's machine", () => {
    const texts = Object.values(archives).map((files) => files[ENTRY]);
    for (const text of texts) {
      expect(text).not.toContain(PROJECT);
      expect(text).not.toContain(tmpdir() + path.sep);
    }
  });
});

describe("the archives' handlers", () => {
  const noDeps = {
    ...telemetry,
    acceptOrder: () => Promise.reject(new Error("not reached")),
    firstCheckSeconds: 120,
    readOrder: () => Promise.reject(new Error("not reached")),
    enqueueOrder: () => Promise.reject(new Error("not reached")),
    access: "open" as const,
    isRetryable: () => false,
    now: () => new Date(),
    newOrderId: () => "",
  };
  type Handler = (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;

  async function expectSameAnswers(name: string, handler: Handler, events: APIGatewayProxyEvent[]) {
    const shipped = inBareDirectory(
      name,
      "Promise.all(input.map((event) => handler(event)))",
      events,
    );
    const source = await Promise.all(events.map((event) => handler(event)));
    expect(source.every(({ statusCode }) => statusCode < 500)).toBe(true);
    expect(shipped).toEqual(source);
  }

  it("answer bad orders as the source does", async () => {
    const bodies = [
      "",
      "null",
      "{",
      '{"customerId":"a\\u0000","items":[{"quantity":0,"unitPrice":1e400},7],"metadata":[],"x":1}',
      '{"customerId":"a","items":[{"__proto__":{"y":"\\ud800"}}]}',
      '{"customerId":"a\ufffd","items":[{"a":-0,"\\u0061":[1e-400,3e-324]}],"metadata":{"\ufffd":1}}',
      `{"customerId":"a","items":[{}],"metadata":{"d":${"[".repeat(99)}${"]".repeat(99)}}}`,
      JSON.stringify("x".repeat(500_000)),
    ];
    const badKey = httpEvent({
      body: '{"customerId":"a","items":[{}]}',
      headers: [["Idempotency-Key", "short"]],
    });
    const events = [...bodies.map((body) => httpEvent({ body })), badKey];
    await expectSameAnswers("create-order", makeCreateOrder(noDeps), events);
  });

  it("answer ids that are none as the source does", async () => {
    const events = ["1", "é", ""].map((orderId) =>
      httpEvent({ method: "GET", pathParameters: { orderId } }),
    );
    await expectSameAnswers("get-order", makeGetOrder(noDeps), events);
  });

  it("fail malformed messages as the source does", () => {
    const event = { Records: [{ messageId: "m-1", body: "hello" }] };
    expect(inBareDirectory("process-order", "handler(input)", event)).toEqual({
      batchItemFailures: [{ itemIdentifier: "m-1" }],
    });
  });
});
