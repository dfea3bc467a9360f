import { optional, record, string, type, unknown, validate } from "superstruct";
import { nameInArn } from "../account";
import { functionArnIn } from "../apigateway/invocation-uri";
import { INTEGRATION } from "../apigateway/rest-api";
import { AUTHORIZER } from "../apigateway/security-scheme";
import { matchesPattern } from "../iam/pattern";
import type { Statement } from "../iam/policy-document";
import type { Registered } from "../program/resources";
import type { MapEdge, MapNode, NodeKind, StackMap } from "./protocol";

const KINDS: Readonly<Record<string, NodeKind>> = {
  "aws:apigateway/restApi:RestApi": "api",
  "aws:dynamodb/table:Table": "table",
  "aws:lambda/function:Function": "function",
  "aws:scheduler/schedule:Schedule": "schedule",
  "aws:sns/topic:Topic": "topic",
  "aws:sqs/queue:Queue": "queue",
};

/** What a poller needs is drawn the other way, from the queue to the function. */
const OF_POLLERS = [
  "ReceiveMessage",
  "DeleteMessage",
  "GetQueueAttributes",
  "ChangeMessageVisibility",
];

type Edge = Omit<MapEdge, "id">;

/**
 * What the program has registered, as a picture: the same at each start, in whatever order it did. `policyOf`: the
 * statements of a function's role.
 */
export function stackMap(
  inAnyOrder: readonly Registered[],
  policyOf: (functionName: string) => readonly Statement[],
): StackMap {
  const registered = inAnyOrder.toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
  const found = registered.flatMap((resource) => {
    const node = nodeOf(resource);
    return node ? [{ ...node, arn: String(resource.outputs["arn"]) }] : [];
  });
  const subscribers = registered.flatMap((resource) => subscriberOf(resource, found) ?? []);
  const nodes = [...found.map(({ arn: _arn, ...node }) => node), ...subscribers];
  const edges = [
    ...registered.flatMap((resource) => edgesOf(resource, found)),
    ...found.flatMap((node) => grantsOf(node, found, policyOf)),
  ];
  const known = new Set(nodes.map(({ id }) => id));
  return {
    nodes: [...new Map(nodes.map((node) => [node.id, node])).values()],
    edges: merged(edges.filter(({ from, to }) => known.has(from) && known.has(to))),
  };
}

const nameOf = ({ type: resourceType, name }: Registered) => `${resourceType} ${name}`;

type FoundNode = MapNode & { arn: string };

function nodeOf({ type: resourceType, name, inputs }: Registered): MapNode | undefined {
  const kind = KINDS[resourceType];
  if (!kind) return undefined;
  const shown = kind === "api" && typeof inputs["name"] === "string" ? inputs["name"] : name;
  return { id: `${kind}:${shown}`, kind, name: shown };
}

const subscriptionStruct = type({ topic: string(), protocol: string(), endpoint: string() });

function subscriptionIn({ type: resourceType, inputs }: Registered) {
  if (resourceType !== "aws:sns/topicSubscription:TopicSubscription") return undefined;
  return validate(inputs, subscriptionStruct)[1];
}

/** Somebody outside of the stack; addresses are not shown. */
function subscriberOf(resource: Registered, nodes: readonly FoundNode[]): MapNode | undefined {
  const subscription = subscriptionIn(resource);
  if (!subscription || nodes.some(({ arn }) => arn === subscription.endpoint)) return undefined;
  const { protocol } = subscription;
  return { id: `subscriber:${protocol}`, kind: "subscriber", name: protocol };
}

const mappingStruct = type({ eventSourceArn: string(), functionName: string() });
const scheduleStruct = type({ scheduleExpression: string(), target: type({ arn: string() }) });
const queueStruct = type({ redrivePolicy: string() });
const redriveStruct = type({ deadLetterTargetArn: string(), maxReceiveCount: unknown() });

function edgesOf(resource: Registered, nodes: readonly FoundNode[]): Edge[] {
  const { inputs, name } = resource;
  switch (resource.type) {
    case "aws:apigateway/restApi:RestApi":
      return routesOf(resource);
    case "aws:lambda/eventSourceMapping:EventSourceMapping": {
      const [, mapping] = validate(inputs, mappingStruct);
      if (!mapping) return [];
      const from = `queue:${nameInArn(mapping.eventSourceArn)}`;
      return [{ from, to: `function:${nameInArn(mapping.functionName)}`, label: "messages" }];
    }
    case "aws:scheduler/schedule:Schedule": {
      const [, schedule] = validate(inputs, scheduleStruct);
      if (!schedule) return [];
      const to = `function:${nameInArn(schedule.target.arn)}`;
      return [{ from: `schedule:${name}`, to, label: schedule.scheduleExpression }];
    }
    case "aws:sns/topicSubscription:TopicSubscription": {
      const subscription = subscriptionIn(resource);
      if (!subscription) return [];
      const { topic, protocol, endpoint } = subscription;
      const to = nodes.find(({ arn }) => arn === endpoint)?.id ?? `subscriber:${protocol}`;
      return [{ from: `topic:${nameInArn(topic)}`, to, label: "notifications" }];
    }
    case "aws:sqs/queue:Queue": {
      const [, queue] = validate(inputs, queueStruct);
      const [, redrive] = validate(queue && JSON.parse(queue.redrivePolicy), redriveStruct);
      if (!redrive) return [];
      const label = `after ${String(redrive.maxReceiveCount)} receives`;
      return [
        { from: `queue:${name}`, to: `queue:${nameInArn(redrive.deadLetterTargetArn)}`, label },
      ];
    }
    default:
      return [];
  }
}

const definitionStruct = type({
  paths: record(string(), record(string(), type({ [INTEGRATION]: type({ uri: string() }) }))),
  securityDefinitions: optional(
    record(string(), type({ [AUTHORIZER]: optional(type({ authorizerUri: optional(string()) })) })),
  ),
});

function routesOf(resource: Registered): Edge[] {
  const from = nodeOf(resource)?.id ?? "";
  const body = resource.inputs["body"];
  const [, definition] = validate(JSON.parse(String(body)), definitionStruct);
  const edge = (uri: string | undefined, label: string): Edge[] => {
    const functionArn = functionArnIn(uri ?? "");
    return functionArn === undefined
      ? []
      : [{ from, to: `function:${nameInArn(functionArn)}`, label }];
  };
  const routes = Object.entries(definition?.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      edge(operation[INTEGRATION].uri, `${method.toUpperCase()} ${path}`),
    ),
  );
  const authorizers = Object.values(definition?.securityDefinitions ?? {}).flatMap((scheme) =>
    edge(scheme[AUTHORIZER]?.authorizerUri, "authorizer"),
  );
  return [...routes, ...authorizers];
}

/** Where a function may go, by its role's policy. */
function grantsOf(
  { id, kind, name }: FoundNode,
  nodes: readonly FoundNode[],
  policyOf: (functionName: string) => readonly Statement[],
): Edge[] {
  if (kind !== "function") return [];
  const statements = policyOf(name).filter(({ Effect }) => Effect === "Allow");
  return nodes.flatMap((target) => {
    const actions = statements
      .filter(({ Resource = [] }) => [Resource].flat().some((pattern) => isOf(pattern, target.arn)))
      .flatMap(({ Action = [] }) => [Action].flat())
      .map((action) => action.slice(action.indexOf(":") + 1))
      .filter((action) => !OF_POLLERS.includes(action));
    const label = [...new Set(actions)].join(", ");
    return target.id === id || label === "" ? [] : [{ from: id, to: target.id, label }];
  });
}

/** Of a table or of one of its indexes; a pattern for everything is about nothing in particular. */
function isOf(pattern: string, arn: string): boolean {
  return pattern !== "*" && (matchesPattern(pattern, arn) || pattern.startsWith(`${arn}/`));
}

function merged(edges: readonly Edge[]): MapEdge[] {
  const byId = new Map<string, MapEdge>();
  for (const { from, to, label } of edges) {
    const id = `${from}→${to}`;
    const known = byId.get(id);
    byId.set(id, { id, from, to, label: known ? `${known.label}, ${label}` : label });
  }
  return [...byId.values()];
}
