import { arn } from "./account";
import { announcePublish } from "./announcements";
import { makeAnswers } from "./answers";
import { gatewayPermissions } from "./apigateway/permissions";
import { type ApiGateway, type Beside, startApiGateway } from "./apigateway/server";
import type { Cleanup } from "./cleanup";
import type { QueueSample } from "./cloudwatch/observer";
import { consoleOf } from "./console/console-of";
import { type Emulators, startEmulators } from "./endpoint/emulators";
import { firstOf } from "./endpoint/fault-injection";
import { makeOutages } from "./endpoint/outages";
import { type AwsEndpoint, type AwsEndpointOptions, startAwsEndpoint } from "./endpoint/server";
import { authorizeCall } from "./iam/authorizer";
import { requiredPermissions } from "./iam/required-permissions";
import { issuerOf } from "./issuer/issuer";
import type { Program } from "./program/evaluate";
import type { StackOptions } from "./stack";
import { standInsOf } from "./stand-ins";
import type { State } from "./state";

/** All that listens: the emulators, the endpoint in front of them, and the API with what is beside it. */
export async function startServers(
  options: StackOptions,
  program: Program,
  state: State,
  cleanup: Cleanup,
) {
  const { outages: atStart = [], faults: planned = () => undefined, port = 0 } = options;
  const outages = makeOutages(atStart, state.onEvent);
  cleanup.add(() => outages.stop());
  const faults = firstOf(outages.faults, planned);
  const emulators = await emulatorsOf(state, options.data, cleanup);
  const endpoint = await startEndpoint(state, emulators, { ...options, faults }, cleanup);
  const issuer = issuerOf(program);
  const page = consoleOf(program, state, outages, emulators);
  cleanup.add(() => page.stop());
  const beside = [page, ...(issuer ? [issuer] : [])];
  const gateway = await startGateway(state, port, endpoint, beside, cleanup);
  state.url = gateway.url;
  const standIns = standInsOf(issuer, gateway.url, options.standIns ?? {}, state.onEvent);
  return { endpoint, gateway, page, outages, standIns };
}

/** The emulators, whose queues are watched. */
async function emulatorsOf(
  state: State,
  data: string | undefined,
  cleanup: Cleanup,
): Promise<Emulators> {
  const { account, observer, activity, onEvent } = state;
  const onQueues = (samples: QueueSample[]) => {
    observer.queues(samples);
    activity.queues(samples);
  };
  const emulators = await startEmulators(account.region, onEvent, onQueues, data);
  cleanup.add(() => emulators.stop());
  return emulators;
}

/** The endpoint in front of the emulators. */
async function startEndpoint(
  state: State,
  emulators: Emulators,
  { faults, onCall }: Pick<AwsEndpointOptions, "faults" | "onCall">,
  cleanup: Cleanup,
): Promise<AwsEndpoint> {
  const { account, iam, functions, observer, tracing, onEvent } = state;
  const arnOf = (service: string, resource: string) => arn(account, service, resource);
  const endpoint = await startAwsEndpoint({
    emulate: emulators.emulate,
    answers: makeAnswers(state),
    onEvent,
    authorise: (call) =>
      authorizeCall(iam, call.caller, requiredPermissions(call, arnOf, iam.keyByResource)),
    tracing,
    faults,
    onFault: observer.fault,
    onCall(call, response) {
      observer.call(call, response.status);
      announcePublish(call, response, onEvent);
      onCall?.(call, response);
    },
    async kill({ caller, sandboxId = "" }) {
      await functions.byArn.get(arnOf("lambda", `function:${caller}`))?.kill(sandboxId);
    },
  });
  cleanup.add(() => endpoint.stop());
  return endpoint;
}

async function startGateway(
  state: State,
  port: number,
  endpoint: AwsEndpoint,
  beside: readonly Beside[],
  cleanup: Cleanup,
): Promise<ApiGateway> {
  const { account, iam, functions, usagePlans, tracing, onEvent } = state;
  const gateway = await startApiGateway({
    port,
    account,
    findFunction: (functionArn) => functions.byArn.get(functionArn),
    usagePlans,
    tracing,
    ...gatewayPermissions(account, iam),
    onEvent,
    beside,
    outputs: () => state.outputs,
    forwardAwsCall: (request, response) => endpoint.handle(request, response),
  });
  cleanup.add(() => gateway.stop());
  return gateway;
}
