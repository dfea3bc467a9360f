import { decide } from "../../../laptop/iam/evaluate";
import { parsePolicy, type PolicyKind } from "../../../laptop/iam/policy-document";

const QUEUE = "arn:aws:sqs:eu-west-1:000000000000:orders";
const ROLE = "arn:aws:iam::000000000000:role/worker";

function decision(statement: object, request: object = {}, kind: PolicyKind = "role") {
  const document = { Version: "2012-10-17", Statement: statement };
  return decide(parsePolicy(document, kind, "the policy"), {
    principal: `AWS:${ROLE}`,
    action: "sqs:SendMessage",
    resource: QUEUE,
    context: {},
    ...request,
  });
}

const allow = { Effect: "Allow", Action: "sqs:SendMessage", Resource: QUEUE };
const deny = { Effect: "Deny", Action: "sqs:*", Resource: "*" };

describe("a role's policy", () => {
  it.each([
    ["the action on the resource", allow, "allowed"],
    [
      "one of many",
      { ...allow, Action: ["sqs:X", "sqs:SendMessage"], Resource: ["a", QUEUE] },
      "allowed",
    ],
    ["an action in other letters", { ...allow, Action: "SQS:sendMESSAGE" }, "allowed"],
    ["another action", { ...allow, Action: "sqs:SendMessageX" }, "implicit-deny"],
    ["another resource", { ...allow, Resource: `${QUEUE}-2` }, "implicit-deny"],
    ["a resource in other letters", { ...allow, Resource: QUEUE.toUpperCase() }, "implicit-deny"],
    ["everything", { ...allow, Action: "*", Resource: "*" }, "allowed"],
    ["a wildcard", { ...allow, Action: "sqs:Send*", Resource: "arn:aws:sqs:*:orders" }, "allowed"],
    ["a question mark", { ...allow, Action: "sqs:?endMessage" }, "allowed"],
    ["a dot that stands for itself", { ...allow, Action: "sqs.SendMessage" }, "implicit-deny"],
    ["no action at all", { ...allow, Action: [] }, "implicit-deny"],
    [
      "all actions but this",
      { Effect: "Allow", NotAction: "sqs:Send*", Resource: "*" },
      "implicit-deny",
    ],
    ["all actions but others", { Effect: "Allow", NotAction: "sns:*", Resource: "*" }, "allowed"],
    [
      "all resources but this",
      { Effect: "Allow", Action: "*", NotResource: QUEUE },
      "implicit-deny",
    ],
    [
      "all resources but others",
      { Effect: "Allow", Action: "*", NotResource: "arn:aws:s3:::b" },
      "allowed",
    ],
    ["a Deny", deny, "explicit-deny"],
    ["a Deny before an Allow", [deny, allow], "explicit-deny"],
    ["a Deny after an Allow", [allow, deny], "explicit-deny"],
    [
      "a Deny of all but this",
      [allow, { Effect: "Deny", NotAction: "sqs:SendMessage", Resource: "*" }],
      "allowed",
    ],
    ["no statement", [], "implicit-deny"],
  ])("with %s", (_name, statement, expected) => {
    expect(decision(statement)).toBe(expected);
  });

  it.each([
    ["a table is not its index", "arn:t/orders", "arn:t/orders/index/failed", "implicit-deny"],
    ["an index by its name", "arn:t/orders/index/failed", "arn:t/orders/index/failed", "allowed"],
    ["all indexes", "arn:t/orders/index/*", "arn:t/orders/index/failed", "allowed"],
    ["an index is not its table", "arn:t/orders/index/*", "arn:t/orders", "implicit-deny"],
  ])("%s", (_name, pattern, resource, expected) => {
    expect(decision({ ...allow, Resource: pattern }, { resource })).toBe(expected);
  });
});

describe("a resource's policy", () => {
  const closed = { ...deny, Principal: "*" };
  const evaluate = (statement: object, request: object = {}) =>
    decision(statement, request, "resource");

  it("names its principals: all, a role or a service", () => {
    const service = { ...allow, Principal: { Service: "sns.amazonaws.com" } };
    expect(evaluate(service)).toBe("implicit-deny");
    expect(evaluate(service, { principal: "Service:sns.amazonaws.com" })).toBe("allowed");
    expect(evaluate({ ...allow, Principal: { AWS: [ROLE] } })).toBe("allowed");
    expect(evaluate({ ...allow, Principal: { AWS: `${ROLE}-2` } })).toBe("implicit-deny");
    expect(evaluate({ ...allow, Principal: { AWS: "*" } })).toBe("allowed");
  });

  it.each([
    [
      "plain HTTP",
      { Bool: { "aws:SecureTransport": "false" } },
      { "aws:SecureTransport": "false" },
      "explicit-deny",
    ],
    [
      "TLS",
      { Bool: { "aws:SecureTransport": "false" } },
      { "aws:SecureTransport": "true" },
      "implicit-deny",
    ],
    [
      "another account",
      { StringNotEquals: { "aws:PrincipalAccount": "1" } },
      { "aws:PrincipalAccount": "2" },
      "explicit-deny",
    ],
    [
      "the same account",
      { StringNotEquals: { "aws:PrincipalAccount": "1" } },
      { "aws:PrincipalAccount": "1" },
      "implicit-deny",
    ],
    ["nobody's account", { StringNotEquals: { "aws:PrincipalAccount": "1" } }, {}, "explicit-deny"],
    [
      "one of two accounts",
      { StringNotEquals: { "aws:PrincipalAccount": ["1", "2"] } },
      { "aws:PrincipalAccount": "2" },
      "implicit-deny",
    ],
    [
      "a source",
      { ArnLike: { "aws:SourceArn": "arn:aws:x:*:*:api/*/GET/{id}" } },
      { "aws:SourceArn": "arn:aws:x:r:1:api/dev/GET/{id}" },
      "explicit-deny",
    ],
    [
      "another source",
      { ArnLike: { "aws:SourceArn": "arn:aws:x:*:*:api/*/GET/{id}" } },
      { "aws:SourceArn": "arn:aws:x:r:1:api/dev/POST/{id}" },
      "implicit-deny",
    ],
    [
      "a caller that is no AWS service",
      { BoolIfExists: { "aws:PrincipalIsAWSService": "false" } },
      { "aws:PrincipalIsAWSService": "false" },
      "explicit-deny",
    ],
    [
      "a caller of unknown kind",
      { BoolIfExists: { "aws:PrincipalIsAWSService": "false" } },
      {},
      "explicit-deny",
    ],
    [
      "an AWS service",
      { BoolIfExists: { "aws:PrincipalIsAWSService": "false" } },
      { "aws:PrincipalIsAWSService": "true" },
      "implicit-deny",
    ],
    ["no source", { ArnLike: { "aws:SourceArn": "*" } }, {}, "implicit-deny"],
    [
      "two conditions, of which one holds",
      { Bool: { "aws:SecureTransport": "true" }, StringEquals: { "aws:PrincipalAccount": "1" } },
      { "aws:SecureTransport": "true" },
      "implicit-deny",
    ],
  ])("denies on the condition of %s", (_name, Condition, context, expected) => {
    expect(evaluate({ ...closed, Condition }, { context })).toBe(expected);
  });
});

describe("a policy with what is not understood", () => {
  const secure = { Bool: { "aws:SecureTransport": "true" } };

  it.each<[string, PolicyKind, object]>([
    ["a Condition in a role's policy", "role", { ...allow, Condition: secure }],
    [
      "another operator",
      "resource",
      { ...allow, Principal: "*", Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } },
    ],
    [
      "another operator with IfExists",
      "resource",
      { ...allow, Principal: "*", Condition: { ArnLikeIfExists: { "aws:SourceArn": "*" } } },
    ],
    [
      "a condition key that no request has",
      "resource",
      { ...allow, Principal: "*", Condition: { StringEquals: { "aws:username": "x" } } },
    ],
    ["a policy variable", "role", { ...allow, Resource: "arn:aws:sqs:::${aws:username}" }],
    ["a NotPrincipal", "resource", { ...allow, NotPrincipal: "*" }],
    ["a Principal in a role's policy", "role", { ...allow, Principal: "*" }],
    ["no Principal in a resource's policy", "resource", allow],
    ["an account as Principal", "resource", { ...allow, Principal: { AWS: "000000000000" } }],
    ["a federated Principal", "resource", { ...allow, Principal: { Federated: "x" } }],
    ["no Resource", "role", { Effect: "Allow", Action: "*" }],
    ["Resource and NotResource", "role", { ...allow, NotResource: "*" }],
    ["no Action", "role", { Effect: "Allow", Resource: "*" }],
    ["Action and NotAction", "role", { ...allow, NotAction: "*" }],
    ["another Effect", "role", { ...allow, Effect: "allowed" }],
    ["an element of its own", "role", { ...allow, Comment: "x" }],
  ])("is refused: %s", (_name, kind, statement) => {
    expect(() => decision(statement, {}, kind)).toThrow(
      /^the policy is not understood by the laptop stack, which enforces it: /,
    );
  });

  it.each(["{", { Statement: [] }, { Version: "2008-10-17", Statement: [] }, null])(
    "is refused: %j",
    (document) => {
      expect(() => parsePolicy(document, "role", "it")).toThrow(/^it is not understood/);
    },
  );
});
