// The process that evaluates index.ts for aws-mocks.ts: an evaluation as JSON, and the file for what came of it.
import { randomUUID } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import { serialize } from "node:v8";
import * as pulumi from "@pulumi/pulumi";
import type { Metafile } from "esbuild";
import { isSecret, plainInputs, valueOf } from "../../laptop/program/plain-inputs";
import { leaveUndebugged } from "../../laptop/program/undebugged";
import { wrapBuild } from "../../laptop/wrap-build";
import { packagesIn } from "../../tools/licences/bundled-packages";
import {
  ACCOUNT_ID,
  API_KEY,
  arn,
  type Evaluated,
  type Evaluation,
  REGION,
  type Registered,
  type ResourceOptions,
} from "./aws-mocks";

const [evaluation = "", file = ""] = process.argv.slice(2);

async function main() {
  const evaluated = await evaluate(JSON.parse(evaluation) as Evaluation);
  const temporary = `${file}.${randomUUID()}`;
  writeFileSync(temporary, serialize(evaluated));
  // Whole or not at all, also where two evaluate the same.
  renameSync(temporary, file);
}

async function evaluate({ config, stack, archives, preview }: Evaluation): Promise<Evaluated> {
  const warnings = recordWarnings();
  const metafiles = recordBundles();
  replaceArchives(archives);
  leaveUndebugged();
  pulumi.runtime.setAllConfig(textsOf({ "aws:region": REGION, ...config }));
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks(mocks(resources, preview), "order-processing", stack, preview);
  const monitor = pulumi.runtime.getMonitor();
  if (!monitor) throw new Error("there are no mocks");
  const options = recordOptions(monitor);
  const exported = (await import("../../index")) as unknown as Record<string, unknown>;
  await pulumi.runtime.disconnect();
  const packages = [...new Set(metafiles.flatMap(packagesIn))].sort();
  return { resources, options, warnings, packages, ...(await outputsOf(exported)) };
}

/** As Pulumi hands a config over. */
function textsOf(config: Record<string, unknown>): Record<string, string> {
  const texts = Object.entries(config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries(texts) as Record<string, string>;
}

function mocks(resources: Registered[], preview: boolean): pulumi.runtime.Mocks {
  return {
    async newResource({ type, name, inputs: live }) {
      if (preview) {
        resources.push({ type, name, inputs: {}, secretInputs: [] });
        return { id: "", state: live as object };
      }
      const inputs = await plainInputs(live as object);
      const secretInputs = Object.entries(live as object).flatMap(([key, value]) =>
        isSecret(value) ? key : [],
      );
      resources.push({ type, name, inputs, secretInputs });
      const outputs = computed(type, name);
      return { id: idOf(type, name, outputs), state: { ...inputs, ...outputs } };
    },
    call: ({ token }) => {
      throw new Error(`the program looks ${token} up`);
    },
  };
}

async function outputsOf(exported: Record<string, unknown>) {
  const outputs: Record<string, unknown> = {};
  const secrets: string[] = [];
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(exported)) {
    const output = pulumi.output(value);
    if (await pulumi.isSecret(output)) secrets.push(name);
    const { isKnown } = output as unknown as { isKnown: Promise<boolean> };
    if (await isKnown) outputs[name] = await valueOf(output);
    else unknown.push(name);
  }
  return { outputs, secrets, unknown };
}

/** Of Pulumi, which has no engine here, or of anything else. */
function recordWarnings(): string[] {
  const warnings: string[] = [];
  console.warn = (text: string) => {
    warnings.push(text.replace("warning: [runtime] ", ""));
  };
  return warnings;
}

/** What esbuild takes from where for the archives. */
function recordBundles(): Metafile[] {
  const metafiles: Metafile[] = [];
  wrapBuild(process.cwd(), (build) => async (options) => {
    const result = await build({ ...options, metafile: true });
    if (result.metafile) metafiles.push(result.metafile);
    return result;
  });
  return metafiles;
}

function replaceArchives(archives: boolean): void {
  const closure = { text: "exports.handler = 0", exportName: "handler", containsSecrets: false };
  Object.assign(pulumi.runtime, {
    // All of node_modules, which is no part of the archives.
    computeCodePaths: () => Promise.resolve(new Map()),
    ...(!archives && { serializeFunction: () => Promise.resolve(closure) }),
  });
}

/** Records what reaches the mocked engine besides inputs, which is all that mocks see. By `type::name`. */
function recordOptions(monitor: object): Map<string, ResourceOptions> {
  const options = new Map<string, ResourceOptions>();
  const { registerResource } = monitor as { registerResource: (...args: unknown[]) => unknown };
  const listening = (...args: unknown[]) => {
    const request = args[0] as {
      getType(): string;
      getName(): string;
      getProtect(): boolean;
      getDependenciesList(): string[];
      getParent(): string;
    };
    options.set(`${request.getType()}::${request.getName()}`, {
      protect: request.getProtect(),
      dependencies: request
        .getDependenciesList()
        .map((urn) => [typeIn(urn), urn.split("::").at(-1)].join("::")),
      parentType: typeIn(request.getParent()),
    });
    return registerResource.apply(monitor, args);
  };
  Object.assign(monitor, { registerResource: listening });
  return options;
}

/** urn:pulumi:stack::project::parent's type$type::name */
function typeIn(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** What AWS computes for a resource, so that nothing downstream reads "undefined". */
function computed(type: string, name: string): Record<string, unknown> {
  switch (type) {
    case "aws:dynamodb/table:Table":
      return { name, arn: arn("dynamodb", `table/${name}`) };
    case "aws:sqs/queue:Queue":
      return {
        name,
        arn: arn("sqs", name),
        url: `https://sqs.${REGION}.amazonaws.com/${ACCOUNT_ID}/${name}`,
      };
    case "aws:sns/topic:Topic":
      return { name, arn: arn("sns", name) };
    case "aws:cloudwatch/logGroup:LogGroup":
      return { name: `/logs/${name}`, arn: arn("logs", `log-group:${name}`) };
    case "aws:scheduler/schedule:Schedule":
      return { name };
    case "aws:cloudwatch/metricAlarm:MetricAlarm":
      return { arn: arn("cloudwatch", `alarm:${name}`) };
    case "aws:iam/role:Role":
      return { name, arn: `arn:aws:iam::${ACCOUNT_ID}:role/${name}` };
    case "aws:lambda/function:Function":
      return {
        name,
        arn: arn("lambda", `function:${name}`),
        invokeArn: `arn:aws:apigateway:${REGION}:lambda:path/2015-03-31/functions/${arn("lambda", `function:${name}`)}/invocations`,
      };
    case "aws:apigateway/restApi:RestApi":
      return { executionArn: arn("execute-api", "api1234567") };
    case "aws:apigateway/apiKey:ApiKey":
      return { value: API_KEY };
    case "aws:apigateway/stage:Stage":
      return { invokeUrl: `https://api1234567.execute-api.${REGION}.amazonaws.com/dev` };
    default:
      return {};
  }
}

/** Where the id of a resource in AWS is not its name. */
function idOf(type: string, name: string, outputs: Record<string, unknown>): string {
  if (type === "aws:sns/topic:Topic") return String(outputs["arn"]);
  return type === "aws:sqs/queue:Queue" ? String(outputs["url"]) : name;
}

void main();
