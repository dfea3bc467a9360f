import { gatewayPermissions } from "../../../laptop/apigateway/permissions";
import { restApiProvider } from "../../../laptop/apigateway/rest-api";
import type { RestApi } from "../../../laptop/apigateway/stage";
import { type Iam, makeIam } from "../../../laptop/iam/authorizer";
import { roleProvider } from "../../../laptop/iam/role";
import { rolePolicyProvider } from "../../../laptop/iam/role-policy";
import { permissionProvider } from "../../../laptop/lambda/permission";
import { registering } from "../../support/registering";

const API = "aws:apigateway/restApi:RestApi";
const ROLE = "aws:iam/role:Role";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const PERMISSION = "aws:lambda/permission:Permission";
const account = { accountId: "000000000000", region: "eu-west-1" };
const FUNCTION = "arn:aws:lambda:eu-west-1:000000000000:function:authorize";
const ROLE_ARN = "arn:aws:iam::000000000000:role/gateway";
const uri = `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${FUNCTION}/invocations`;

/** As awsx writes it. */
const authorizer = { type: "token", authorizerUri: uri, identitySource: "" };
const scheme = {
  type: "apiKey",
  name: "Authorization",
  in: "header",
  "x-amazon-apigateway-authtype": "oauth2",
};
const withAuthorizer = (changes: object = {}, schemeChanges: object = {}) => ({
  ...scheme,
  "x-amazon-apigateway-authorizer": { ...authorizer, ...changes },
  ...schemeChanges,
});
const apiKey = { type: "apiKey", name: "x-api-key", in: "header" };

function setUp() {
  const iam = makeIam(account.accountId);
  const apis = new Map<string, RestApi>();
  const { create, warnings } = registering({
    [API]: restApiProvider(account, iam, apis),
    [ROLE]: roleProvider(iam),
    [ROLE_POLICY]: rolePolicyProvider(iam),
    [PERMISSION]: permissionProvider(account, iam),
  });
  const role = (Service: string) => {
    const statement = { Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" };
    const assumeRolePolicy = { Version: "2012-10-17", Statement: [statement] };
    return create(ROLE, "gateway", { assumeRolePolicy });
  };
  const api = async (securityDefinitions: object, operation: object, others: object = {}) => {
    const get = { "x-amazon-apigateway-integration": { uri, type: "aws_proxy" }, ...operation };
    const body = { paths: { "/a": { get } }, securityDefinitions, ...others };
    await create(API, "api", { body: JSON.stringify(body) });
    return apis.get("api")?.routes[0];
  };
  return { iam, create, warnings, role, api };
}

const guarded = { security: [{ callers: [] }] };

describe("the security of a route", () => {
  it("is a token authorizer with AWS's defaults", async () => {
    const { api, warnings } = setUp();
    expect(await api({ callers: withAuthorizer() }, guarded)).toMatchObject({
      apiKeyRequired: false,
      authorizer: {
        name: "callers",
        header: "authorization",
        validation: undefined,
        functionArn: FUNCTION,
        caller: undefined,
        ttlSeconds: 300,
      },
    });
    expect(warnings).toEqual([]);
  });

  it("is a token authorizer with settings of its own", async () => {
    const { api } = setUp();
    const settings = {
      identitySource: "method.request.header.X-Token",
      identityValidationExpression: "^[a-z]+$",
      authorizerResultTtlInSeconds: 0,
    };
    const callers = withAuthorizer(settings, {
      name: "X-Token",
      "x-amazon-apigateway-authtype": "custom",
    });
    expect(await api({ callers }, guarded)).toMatchObject({
      authorizer: { header: "x-token", validation: /^[a-z]+$/, ttlSeconds: 0 },
    });
  });

  it("is an API key as well where both are named", async () => {
    const { api } = setUp();
    const security = [{ callers: [] }, { api_key: [] }];
    const schemes = { callers: withAuthorizer(), api_key: apiKey };
    expect(await api(schemes, { security })).toMatchObject({
      apiKeyRequired: true,
      authorizer: { name: "callers" },
    });
  });

  it("is none where nothing is named", async () => {
    const { api } = setUp();
    const none = { apiKeyRequired: false, authorizer: undefined };
    expect(await api({ callers: withAuthorizer() }, {})).toMatchObject(none);
    const operation = { "x-amazon-apigateway-auth": { type: "NONE" } };
    expect(await api({}, operation)).toMatchObject(none);
  });

  it.each<[string, object, object, string]>([
    [
      "AWS_IAM",
      {},
      { "x-amazon-apigateway-auth": { type: "AWS_IAM" } },
      "GET /a: authorisation by AWS_IAM is not emulated",
    ],
    [
      "an authorizer of type REQUEST",
      { callers: withAuthorizer({ type: "request" }) },
      guarded,
      "GET /a: authorisation by request is not emulated",
    ],
    [
      "Cognito",
      {
        callers: withAuthorizer(
          { type: "cognito_user_pools" },
          { "x-amazon-apigateway-authtype": "cognito_user_pools" },
        ),
      },
      guarded,
      "GET /a: authorisation by cognito_user_pools is not emulated",
    ],
    [
      "JWT",
      { callers: { type: "oauth2", "x-amazon-apigateway-authorizer": { type: "jwt" } } },
      guarded,
      "GET /a: authorisation by jwt is not emulated",
    ],
    [
      "a token authorizer of another authtype",
      { callers: withAuthorizer({}, { "x-amazon-apigateway-authtype": "awsSigv4" }) },
      guarded,
      "GET /a: authorisation by awsSigv4 is not emulated",
    ],
    [
      "a scheme of OpenAPI's own",
      { callers: { type: "basic" } },
      guarded,
      "GET /a: authorisation by basic is not emulated",
    ],
    [
      "a scheme that is not defined",
      {},
      guarded,
      "GET /a: its security scheme callers is not defined",
    ],
    [
      "two authorizers",
      { callers: withAuthorizer(), others: withAuthorizer() },
      { security: [{ callers: [] }, { others: [] }] },
      "GET /a: authorisation by several authorizers is not emulated",
    ],
    [
      "a token from elsewhere",
      { callers: withAuthorizer({ identitySource: "method.request.querystring.token" }) },
      guarded,
      "the authorizer callers takes its token from method.request.querystring.token",
    ],
    [
      "policies that are kept too long",
      { callers: withAuthorizer({ authorizerResultTtlInSeconds: 3601 }) },
      guarded,
      "the authorizer callers keeps policies for 0 to 3600 s, not 3601",
    ],
    [
      "no function",
      { callers: withAuthorizer({ authorizerUri: "arn:aws:apigateway:undefined:x" }) },
      guarded,
      "the authorizer callers has the URI arn:aws:apigateway:undefined:x",
    ],
    [
      "an expression that is none",
      { callers: withAuthorizer({ identityValidationExpression: "(" }) },
      guarded,
      "the authorizer callers: Invalid regular expression",
    ],
    [
      "a role that does not exist",
      { callers: withAuthorizer({ authorizerCredentials: ROLE_ARN }) },
      guarded,
      `the authorizer callers has the role ${ROLE_ARN}, which does not exist`,
    ],
  ])("stops the start: %s", async (_name, schemes, operation, message) => {
    await expect(setUp().api(schemes, operation)).rejects.toThrow(message);
  });

  it("stops the start where it is the API's, not the route's", async () => {
    const others = { security: [{ callers: [] }] };
    await expect(setUp().api({ callers: withAuthorizer() }, {}, others)).rejects.toThrow(
      "security",
    );
  });

  it("stops the start where API Gateway may not assume the authorizer's role", async () => {
    const { role, api } = setUp();
    await role("lambda.amazonaws.com");
    const callers = withAuthorizer({ authorizerCredentials: ROLE_ARN });
    await expect(api({ callers }, guarded)).rejects.toThrow(
      "the role gateway of the authorizer callers cannot be assumed by API Gateway",
    );
  });
});

describe("an authorizer's function is invoked", () => {
  const denialOf = async ({ iam, api }: ReturnType<typeof setUp>, settings: object) => {
    const route = await api({ callers: withAuthorizer(settings) }, guarded);
    if (!route?.authorizer) throw new Error("there is no authorizer");
    return gatewayPermissions(account, iam).authorizerDenial(route.authorizer, "api");
  };
  const usesOf = ({ usedPermissions }: Iam) => [...usedPermissions.values()];
  const asRole = { authorizerCredentials: ROLE_ARN };

  it("by a role only if its policies allow it, and that counts as used", async () => {
    const set = setUp();
    await set.role("apigateway.amazonaws.com");
    expect(await denialOf(set, asRole)).toBe(
      "User: arn:aws:sts::000000000000:assumed-role/gateway/api.callers.authorizer is not authorized to perform: " +
        `lambda:InvokeFunction on resource: ${FUNCTION} because no identity-based policy allows the ` +
        "lambda:InvokeFunction action",
    );
    expect(usesOf(set.iam)).toEqual([]);
    const allow = { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: FUNCTION };
    const policy = { Version: "2012-10-17", Statement: [allow] };
    await set.create(ROLE_POLICY, "gateway", { role: "gateway", policy });
    expect(await denialOf(set, asRole)).toBeUndefined();
    expect(usesOf(set.iam)).toEqual([
      { role: "gateway", action: "lambda:InvokeFunction", resource: FUNCTION },
    ]);
  });

  it.each([
    ["authorizers/*", undefined],
    ["*/*", undefined],
    ["dev/GET/a", `no aws.lambda.Permission lets API Gateway invoke ${FUNCTION}`],
  ])("without a role by its own policy: for api/%s", async (source, expected) => {
    const set = setUp();
    await set.create(PERMISSION, "callers", {
      action: "lambda:InvokeFunction",
      function: FUNCTION,
      principal: "apigateway.amazonaws.com",
      sourceArn: `arn:aws:execute-api:eu-west-1:000000000000:api/${source}`,
    });
    expect(await denialOf(set, {})).toBe(expected);
  });
});
