import type * as Pulumi from "@pulumi/pulumi";

export interface Registered {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  /** The names of the inputs that are secret as a whole. */
  secretInputs: string[];
}

/** A program as it registered its resources, and what it exported. */
export type Evaluated = Awaited<ReturnType<typeof evaluateProgram>>;

/** What a resource is registered with besides its inputs. */
export interface ResourceOptions {
  protect: boolean;
  /** `type::name` of what it waits for. */
  dependencies: string[];
  /** The type of the component that it is part of; "" where there is none. */
  parentType: string;
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

const ACCOUNT_ID = "123456789012";
const REGION = "eu-west-1";
export const API_KEY = "a-key-that-aws-has-made";

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

/** Evaluates index.ts against Pulumi's mocks, in a module registry of its own. */
export async function evaluateProgram(
  config: Record<string, unknown> = {},
  stack = "dev",
  { archives }: { archives: boolean } = { archives: true },
) {
  jest.resetModules();
  const pulumi = await import("@pulumi/pulumi");
  const { plainInputs, isSecret, valueOf } = await import("../../laptop/program/plain-inputs");
  const resources: Registered[] = [];
  const texts = Object.entries({ "aws:region": REGION, ...config }).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(Object.fromEntries(texts) as Record<string, string>);
  if (!archives) {
    const closure = { text: "exports.handler = 0", exportName: "handler", containsSecrets: false };
    jest.spyOn(pulumi.runtime, "serializeFunction").mockResolvedValue(closure);
    jest.spyOn(pulumi.runtime, "computeCodePaths").mockResolvedValue(new Map());
  }
  const warned = jest.spyOn(pulumi.log, "warn").mockResolvedValue();
  await pulumi.runtime.setMocks(
    {
      async newResource({ type, name, inputs: live }) {
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
    },
    "order-processing",
    stack,
  );
  const monitor = pulumi.runtime.getMonitor();
  if (!monitor) throw new Error("there are no mocks");
  const options = recordOptions(monitor);
  const exported = (await import("../../index")) as unknown as Record<
    string,
    Pulumi.Output<unknown>
  >;
  await pulumi.runtime.disconnect();
  const outputs = await valueOf(pulumi.output({ ...exported }));
  const secrets: string[] = [];
  for (const [name, output] of Object.entries(exported)) {
    if (await pulumi.isSecret(pulumi.output(output))) secrets.push(name);
  }
  const warnings = warned.mock.calls.map(([text]) => text);
  return { resources, outputs, options, secrets, warnings };
}

/**
 * The same with functions that are not serialised and bundled, which takes most of the time: their
 * archives hold something else.
 */
export function evaluateWithoutArchives(
  config?: Record<string, unknown>,
  stack?: string,
): Promise<Evaluated> {
  return evaluateProgram(config, stack, { archives: false });
}

/** The inputs of the one resource of this type and name. */
export function inputsOf(
  { resources }: Evaluated,
  type: string,
  name: string,
): Record<string, unknown> {
  const found = resources.filter((each) => each.type === type && each.name === name);
  expect(found).toHaveLength(1);
  return found[0]?.inputs ?? {};
}

export function namesOf({ resources }: Evaluated, type: string): string[] {
  return resources
    .filter((each) => each.type === type)
    .map(({ name }) => name)
    .sort();
}

/** An ARN of the account and region in which the mocks create everything. */
export function arn(service: string, rest: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${rest}`;
}
