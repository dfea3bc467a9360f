import { mkdtempSync } from "node:fs";
import * as path from "node:path";
import {
  defaulted,
  enums,
  type Infer,
  number,
  object,
  optional,
  record,
  string,
  type,
  unknown,
} from "superstruct";
import { type Account, arn } from "../account";
import type { LogEvent, LogGroups } from "../cloudwatch/log-groups";
import type { OnEvent } from "../events";
import type { Iam } from "../iam/authorizer";
import { mapperOf, pollerOf } from "../iam/callers";
import { roleAssumedBy } from "../iam/role";
import { defineProvider, type Provider } from "../program/provider";
import type { StandIns } from "../stand-ins";
import type { Tracing } from "../traces/tracing";
import { linkSdk, runtimeModules, unpack } from "./archive";
import { makeLambdaFunction } from "./execution-environments";
import type { FunctionConfiguration, Functions } from "./functions";
import { inspectedFunction, type MappedInspection, withSourceMaps } from "./inspected-function";
import type { SandboxSpec } from "./sandbox";

const LAMBDA = { principal: "lambda.amazonaws.com", name: "Lambda" };
const withoutEffect = optional(unknown());
const emulated = type({
  role: string(),
  code: object({ files: record(string(), string()) }),
  handler: string(),
  timeout: defaulted(number(), 3),
  memorySize: defaulted(number(), 128),
  environment: defaulted(object({ variables: defaulted(record(string(), string()), {}) }), {}),
  loggingConfig: defaulted(
    object({
      logGroup: optional(string()),
      applicationLogLevel: optional(enums(["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"])),
      logFormat: withoutEffect,
      systemLogLevel: withoutEffect,
    }),
    {},
  ),
});

export interface FunctionServices {
  account: Account;
  iam: Iam;
  functions: Functions;
  logGroups: LogGroups;
  /** URL of the laptop's AWS endpoint. */
  endpoint: string;
  standIns: StandIns;
  /** Where archives are unpacked. */
  directory: string;
  tracing: Tracing;
  inspection?: MappedInspection | undefined;
  onEvent: OnEvent;
}

/** Functions from archives of JavaScript, run by the Node that runs the laptop. */
export function functionProvider(services: FunctionServices): Provider {
  const { account, functions, tracing, onEvent } = services;
  return defineProvider({
    emulated,
    withoutEffect: ["architectures", "description", "runtime", "tracingConfig"],
    refused: { layers: "the function would not find their files" },
    create(name, lambda) {
      const first = prepare(name, lambda, services);
      const { functionArn, spec, log } = first;
      const running = makeLambdaFunction(name, spec, log, tracing.traces, onEvent);
      const inspection = inspectionOf(name, services);
      const invoked = inspection ? inspectedFunction(running, inspection) : running;
      functions.byArn.set(functionArn, invoked);
      first.announce();
      const invokeArn = `arn:aws:apigateway:${account.region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
      return {
        id: name,
        outputs: { name, arn: functionArn, invokeArn },
        update(other) {
          const next = prepare(name, other, services);
          return () => {
            next.announce();
            return running.replace(next.spec, next.log);
          };
        },
        dispose() {
          functions.byArn.delete(functionArn);
          functions.configurations.delete(name);
          return running.stop();
        },
      };
    },
  });
}

/** A function with its inputs of now, in a directory of its own. `announce`: to those who look at it. */
function prepare(name: string, lambda: Infer<typeof emulated>, services: FunctionServices) {
  const { account, iam, functions, logGroups } = services;
  const functionArn = arn(account, "lambda", `function:${name}`);
  const role = roleAssumedBy(LAMBDA, `the function ${name}`, lambda.role, iam);
  const group = lambda.loggingConfig.logGroup ?? ownLogGroup(name, logGroups);
  const configuration = configurationOf(name, functionArn, group, lambda);
  return {
    functionArn,
    spec: sandboxSpec(name, functionArn, group, lambda, services),
    log: { group, write: (event: LogEvent) => logGroups.write(group, event) },
    announce: () => {
      for (const caller of [name, pollerOf(name), mapperOf(name)]) {
        iam.rolesByCaller.set(caller, role);
      }
      functions.configurations.set(name, configuration);
    },
  };
}

function inspectionOf(name: string, { inspection }: FunctionServices): typeof inspection {
  return inspection?.function === name ? inspection : undefined;
}

/** Lambda makes one for a function that names none. */
function ownLogGroup(functionName: string, logGroups: LogGroups): string {
  const name = `/aws/lambda/${functionName}`;
  logGroups.create(name);
  return name;
}

function configurationOf(
  name: string,
  functionArn: string,
  logGroup: string,
  { handler, timeout, memorySize, environment, loggingConfig }: Infer<typeof emulated>,
): FunctionConfiguration {
  const { applicationLogLevel: level } = loggingConfig;
  return {
    FunctionName: name,
    FunctionArn: functionArn,
    Handler: handler,
    Timeout: timeout,
    MemorySize: memorySize,
    Environment: { Variables: environment.variables },
    LoggingConfig: {
      LogFormat: "JSON",
      LogGroup: logGroup,
      ...(level && { ApplicationLogLevel: level }),
    },
    LastModified: new Date().toISOString().replace("Z", "+0000"),
    State: "Active",
  };
}

function sandboxSpec(
  name: string,
  functionArn: string,
  logGroup: string,
  lambda: Infer<typeof emulated>,
  services: FunctionServices,
): SandboxSpec {
  const { account, endpoint, standIns, directory: parent } = services;
  const inspection = inspectionOf(name, services);
  const { files } = lambda.code;
  const directory = mkdtempSync(path.join(parent, `${name}-`));
  const modules = runtimeModules(parent);
  const variables = { NODE_PATH: modules, ...lambda.environment.variables };
  const { applicationLogLevel: logLevel } = lambda.loggingConfig;
  const environment = environmentOf(name, variables, {
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(lambda.memorySize),
    AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
    ...(logLevel && { AWS_LAMBDA_LOG_LEVEL: logLevel }),
    AWS_REGION: account.region,
    AWS_ACCESS_KEY_ID: name,
    AWS_SECRET_ACCESS_KEY: "laptop",
    AWS_ENDPOINT_URL: endpoint,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    LAMBDA_TASK_ROOT: directory,
    LOCAL_FUNCTION_ARN: functionArn,
    ...(Object.keys(standIns).length > 0 && { LOCAL_STAND_INS: JSON.stringify(standIns) }),
    _HANDLER: lambda.handler,
  });
  linkSdk(modules);
  unpack(directory, inspection ? withSourceMaps(files, inspection) : files);
  return {
    directory,
    inspectPort: inspection?.port,
    memoryMegabytes: lambda.memorySize,
    timeoutMilliseconds: lambda.timeout * 1000,
    logLevel,
    environment,
  };
}

/** Lambda's own variables are not the program's to set: it could call AWS as somebody else. */
function environmentOf(
  name: string,
  variables: Record<string, string>,
  ofLambda: Record<string, string>,
): Record<string, string> {
  const reserved = Object.keys(variables).filter((key) => key in ofLambda);
  if (reserved.length > 0) {
    throw new Error(`the environment of ${name} sets ${reserved.join()}, which Lambda reserves`);
  }
  return { TZ: ":UTC", ...variables, ...ofLambda };
}
