import { arn } from "./account";
import { announcePublish } from "./announcements";
import { makeAnswers } from "./answers";
import { gatewayPermissions } from "./apigateway/permissions";
import { type ApiGateway, type Beside, startApiGateway } from "./apigateway/server";
import type { Cleanup } from "./cleanup";
import type { QueueSample } from "./cloudwatch/observer";
import { type Emulators, startEmulators } from "./endpoint/emulators";
import { type AwsEndpoint, type AwsEndpointOptions, startAwsEndpoint } from "./endpoint/server";
import { authorizeCall } from "./iam/authorizer";
import { requiredPermissions } from "./iam/required-permissions";
import type { State } from "./state";

/** The emulators, whose queues are watched. */
export async function emulatorsOf(
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
export async function startEndpoint(
  state: State,
  emulators: Emulators,
  { faults, onCall }: Pick<AwsEndpointOptions, "faults" | "onCall">,
  cleanup: Cleanup,
): Promise<AwsEndpoint> {
  const { account, iam, functions, observer, tracing, onEvent } = state;
  const arnOf = (service: string, resource: string) => arn(account, service, resource);
  const endpoint = await startAwsEndpoint({
    emulators: emulators.urls,
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

export async function startGateway(
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
