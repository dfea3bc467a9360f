import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { restApiProvider } from "../../../laptop/apigateway/rest-api";
import { makeLogGroups } from "../../../laptop/cloudwatch/log-groups";
import {
  authorizeCall,
  checkPermission,
  isServiceAllowed,
  makeIam,
} from "../../../laptop/iam/authorizer";
import { policyAttachmentProvider, roleProvider } from "../../../laptop/iam/role";
import { rolePolicyProvider } from "../../../laptop/iam/role-policy";
import { recordEncryptionKey } from "../../../laptop/kms/key";
import { functionProvider } from "../../../laptop/lambda/function";
import { makeFunctions } from "../../../laptop/lambda/functions";
import { permissionProvider } from "../../../laptop/lambda/permission";
import { topicPolicyProvider } from "../../../laptop/sns/topic";
import { queuePolicyProvider } from "../../../laptop/sqs/queue-policy";
import { makeTracing } from "../../../laptop/traces/tracing";
import { registering } from "../../support/registering";

const ACCOUNT = "000000000000";
const TRUST = {
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Principal: { Service: "lambda.amazonaws.com" },
    Action: "sts:AssumeRole",
  },
};
const QUEUE = `arn:aws:sqs:eu-west-1:${ACCOUNT}:orders`;
const send = { action: "sqs:SendMessage", resource: QUEUE };

const temporary = mkdtempSync(path.join(tmpdir(), "order-processing-authorizer-"));
afterAll(() => {
  rmSync(temporary, { recursive: true });
});

/** The providers that know of permissions. */
function setUp() {
  const account = { accountId: ACCOUNT, region: "eu-west-1" };
  const iam = makeIam(ACCOUNT);
  const { create: make, warnings } = registering({
    "aws:apigateway/restApi:RestApi": restApiProvider(account, iam, new Map()),
    "aws:iam/policyAttachment:PolicyAttachment": policyAttachmentProvider(),
    "aws:iam/role:Role": roleProvider(iam),
    "aws:iam/rolePolicy:RolePolicy": rolePolicyProvider(iam),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": policyAttachmentProvider(),
    "aws:lambda/function:Function": functionProvider({
      account,
      iam,
      functions: makeFunctions(),
      logGroups: makeLogGroups(),
      endpoint: "http://127.0.0.1:1",
      standIns: {},
      tracing: makeTracing(),
      directory: temporary,
      onEvent: () => undefined,
    }),
    "aws:lambda/permission:Permission": permissionProvider(account, iam),
    "aws:sns/topicPolicy:TopicPolicy": topicPolicyProvider(iam),
    "aws:sqs/queuePolicy:QueuePolicy": queuePolicyProvider(account, iam),
  });
  return { iam, make, warnings };
}

async function setUpWorker(...statements: object[]) {
  const { iam, make } = setUp();
  await make("aws:iam/role:Role", "worker", { assumeRolePolicy: TRUST });
  const policy = { Version: "2012-10-17", Statement: statements };
  await make("aws:iam/rolePolicy:RolePolicy", "own", { role: "worker", policy });
  const role = iam.roles.get(`arn:aws:iam::${ACCOUNT}:role/worker`);
  if (role) iam.rolesByCaller.set("worker", role);
  return { iam, make };
}

const allowed = { Effect: "Allow", Action: "sqs:SendMessage", Resource: QUEUE };
const queueUrl = `http://127.0.0.1:1/${ACCOUNT}/orders`;

describe("a function's role", () => {
  it("may do what its policies allow, and what it used is recorded", async () => {
    const { iam } = await setUpWorker(allowed);
    expect(authorizeCall(iam, "worker", [send])).toBeUndefined();
    expect(authorizeCall(iam, "worker", [send])).toBeUndefined();
    expect([...iam.usedPermissions.values()]).toEqual([{ role: "worker", ...send }]);
  });

  it("may do nothing else, and is denied in AWS's words", async () => {
    const { iam } = await setUpWorker(allowed);
    const receive = { action: "sqs:ReceiveMessage", resource: QUEUE };
    const who = `User: arn:aws:sts::${ACCOUNT}:assumed-role/worker/worker is not authorized to perform`;
    expect(authorizeCall(iam, "worker", [send, receive])?.message).toBe(
      `${who}: sqs:ReceiveMessage on resource: ${QUEUE} because no identity-based policy allows the sqs:ReceiveMessage action`,
    );
    expect(iam.usedPermissions.size).toBe(0);
  });

  it("is bound by a Deny, its own or the resource's", async () => {
    const own = await setUpWorker(allowed, { ...allowed, Effect: "Deny" });
    expect(checkPermission(own.iam, "worker", send)?.message).toContain(
      "with an explicit deny in an identity-based policy",
    );
    const { iam, make } = await setUpWorker(allowed);
    const Statement = { ...allowed, Effect: "Deny", Principal: "*" };
    const policy = JSON.stringify({ Version: "2012-10-17", Statement });
    await make("aws:sqs/queuePolicy:QueuePolicy", "orders", { queueUrl, policy });
    expect(checkPermission(iam, "worker", send)?.message).toContain(
      "with an explicit deny in a resource-based policy",
    );
    expect(checkPermission(iam, "somebody-outside", send)).toBeDefined();
  });

  it("is let in by the resource's policy alone", async () => {
    const { iam, make } = await setUpWorker();
    const topic = `arn:aws:sns:eu-west-1:${ACCOUNT}:events`;
    const publish = { action: "sns:Publish", resource: topic };
    expect(checkPermission(iam, "worker", publish)).toBeDefined();
    const Principal = { AWS: `arn:aws:iam::${ACCOUNT}:role/worker` };
    const Statement = { Effect: "Allow", Principal, Action: "sns:Publish", Resource: topic };
    const policy = { Version: "2012-10-17", Statement };
    await make("aws:sns/topicPolicy:TopicPolicy", "events", { arn: topic, policy });
    expect(checkPermission(iam, "worker", publish)).toBeUndefined();
  });
});

describe("a role that the laptop could not enforce", () => {
  it.each(["inlinePolicies", "managedPolicyArns", "permissionsBoundary"])(
    "is refused: one with %s",
    async (key) => {
      const { make } = setUp();
      const inputs = { assumeRolePolicy: TRUST, [key]: [] };
      await expect(make("aws:iam/role:Role", "worker", inputs)).rejects.toThrow(
        `role "worker": ${key} is not emulated: the laptop stack knows aws.iam.RolePolicy only`,
      );
    },
  );

  it.each(["rolePolicyAttachment:RolePolicyAttachment", "policyAttachment:PolicyAttachment"])(
    "is refused: one with a managed policy by %s",
    async (type) => {
      const { make } = setUp();
      await expect(
        make(`aws:iam/${type}`, "admin", {
          role: "worker",
          policyArn: "arn:aws:iam::aws:policy/x",
        }),
      ).rejects.toThrow(
        "policyArn is not emulated: the laptop stack knows aws.iam.RolePolicy only",
      );
    },
  );

  it("is refused: one whose policy has a Condition", async () => {
    const Condition = { StringEquals: { "aws:RequestedRegion": "eu-west-1" } };
    await expect(setUpWorker({ ...allowed, Condition })).rejects.toThrow(
      /^the role policy own is not understood by the laptop stack, which enforces it: the Condition StringEquals on aws:RequestedRegion/,
    );
  });

  it("is not one that Lambda may assume", async () => {
    const { make } = setUp();
    const assumeRolePolicy = JSON.stringify(TRUST).replace("lambda", "ec2");
    await make("aws:iam/role:Role", "worker", { assumeRolePolicy });
    const role = `arn:aws:iam::${ACCOUNT}:role/worker`;
    const inputs = { role, code: { files: {} }, handler: "x.y", timeout: 1, memorySize: 128 };
    await expect(make("aws:lambda/function:Function", "work", inputs)).rejects.toThrow(
      "the role worker of the function work cannot be assumed by Lambda",
    );
  });
});

describe("a function that Lambda would not make", () => {
  const role = `arn:aws:iam::${ACCOUNT}:role/worker`;
  const code = { files: {} };
  const inputs = { role, code, handler: "x.y", timeout: 1, memorySize: 128 };

  it("is one that sets what is Lambda's own: it could call AWS as somebody else", async () => {
    const { make } = await setUpWorker();
    const environment = { variables: { AWS_ACCESS_KEY_ID: "other", TABLE_NAME: "orders" } };
    await expect(
      make("aws:lambda/function:Function", "work", { ...inputs, environment }),
    ).rejects.toThrow("the environment of work sets AWS_ACCESS_KEY_ID, which Lambda reserves");
  });
});

describe("a KMS key", () => {
  it("is asked for where it is customer-managed, and known by its ARN only", () => {
    const { iam } = setUp();
    const key = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1`;
    recordEncryptionKey(iam, "a", key);
    recordEncryptionKey(iam, "b", "alias/aws/sns");
    recordEncryptionKey(iam, "c", undefined);
    expect([...iam.keyByResource]).toEqual([["a", key]]);
    expect(() => recordEncryptionKey(iam, "d", "alias/mine")).toThrow("d has the key alias/mine");
  });
});

describe("a queue's policy", () => {
  const policy = (Statement: object) => ({ Version: "2012-10-17", Statement });

  it("is the only one: AWS would keep the last of two", async () => {
    const { make } = setUp();
    const document = policy({ ...allowed, Principal: "*" });
    await make("aws:sqs/queuePolicy:QueuePolicy", "one", { queueUrl, policy: document });
    await expect(
      make("aws:sqs/queuePolicy:QueuePolicy", "two", { queueUrl, policy: document }),
    ).rejects.toThrow(`the policy two is the second one of ${QUEUE}: AWS keeps one only`);
  });
});

describe("a queue's policy that denies callers who are no AWS service and of another account", () => {
  const topic = `arn:aws:sns:eu-west-1:${ACCOUNT}:events`;
  const Condition = {
    BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
    StringNotEquals: { "aws:PrincipalAccount": "111111111111" },
  };
  const Statement = [
    { ...allowed, Principal: { Service: "sns.amazonaws.com" } },
    { ...allowed, Effect: "Deny", Principal: "*", Condition },
  ];

  it("lets SNS deliver, and denies the account's own roles", async () => {
    const { iam, make } = await setUpWorker(allowed);
    const policy = { Version: "2012-10-17", Statement };
    await make("aws:sqs/queuePolicy:QueuePolicy", "orders", { queueUrl, policy });
    expect(isServiceAllowed(iam, "sns.amazonaws.com", send, topic)).toBe(true);
    expect(checkPermission(iam, "worker", send)?.message).toContain("explicit deny");
  });
});

describe("a function's permission", () => {
  const functionArn = `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:work`;
  const api = `arn:aws:execute-api:eu-west-1:${ACCOUNT}:api`;

  async function withPermission(permission: object) {
    const { iam, make } = setUp();
    const inputs = { action: "lambda:invokeFunction", function: "work", ...permission };
    await make("aws:lambda/permission:Permission", "p", inputs);
    const invoke = { action: "lambda:InvokeFunction", resource: functionArn };
    return (service: string, source: string) => isServiceAllowed(iam, service, invoke, source);
  }

  it("lets one service invoke it, for the sources that it names", async () => {
    const isAllowed = await withPermission({
      principal: "apigateway.amazonaws.com",
      sourceArn: `${api}/*/GET/orders/{orderId}`,
    });
    expect(isAllowed("apigateway.amazonaws.com", `${api}/dev/GET/orders/{orderId}`)).toBe(true);
    expect(isAllowed("apigateway.amazonaws.com", `${api}/dev/POST/orders`)).toBe(false);
    expect(isAllowed("apigateway.amazonaws.com", `${api}2/dev/GET/orders/{orderId}`)).toBe(false);
    expect(isAllowed("sns.amazonaws.com", `${api}/dev/GET/orders/{orderId}`)).toBe(false);
  });

  it("lets one topic invoke it and no other", async () => {
    const topic = `arn:aws:sns:eu-west-1:${ACCOUNT}:events`;
    const isAllowed = await withPermission({ principal: "sns.amazonaws.com", sourceArn: topic });
    expect(isAllowed("sns.amazonaws.com", topic)).toBe(true);
    expect(isAllowed("sns.amazonaws.com", `${topic}-2`)).toBe(false);
    expect(isAllowed("sns.amazonaws.com", topic.replace(ACCOUNT, "111111111111"))).toBe(false);
  });

  it("is for nothing but to invoke it", async () => {
    const isAllowed = await withPermission({
      action: "lambda:GetFunction",
      principal: "sns.amazonaws.com",
    });
    expect(isAllowed("sns.amazonaws.com", "arn:aws:sns:x")).toBe(false);
  });

  it("is refused with a condition that could not be checked", async () => {
    const permission = { principal: "sns.amazonaws.com", sourceAccount: ACCOUNT };
    await expect(withPermission(permission)).rejects.toThrow(
      'permission "p": sourceAccount is not emulated',
    );
  });
});

describe("what the laptop does not check of an API", () => {
  it("is warned about: its policy", async () => {
    const { make, warnings } = setUp();
    const inputs = { body: JSON.stringify({ paths: {} }), policy: "{}" };
    await make("aws:apigateway/restApi:RestApi", "api", inputs);
    expect(warnings).toEqual(['rest api "api": policy has no effect on the laptop']);
  });
});
