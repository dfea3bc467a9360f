import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allow } from "./policies";

/** Whatever else is in the header is turned away before anything runs. */
const BEARER_TOKEN = "^[Bb][Ee][Aa][Rr][Ee][Rr] +[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$";
/** For so long API Gateway takes the same token for the same caller, in all of the stage. */
const CACHE_SECONDS = 60;

/** How API Gateway asks a function about a token: as a role that may invoke it, and nothing else. */
export class TokenAuthorizer extends pulumi.ComponentResource {
  readonly invoker: aws.iam.Role;
  readonly tokenPattern = BEARER_TOKEN;
  readonly cacheSeconds = CACHE_SECONDS;

  constructor(
    name: string,
    args: { function: aws.lambda.Function },
    options: pulumi.ComponentResourceOptions,
  ) {
    super("order-processing:infra:TokenAuthorizer", name, {}, options);
    const Service = "apigateway.amazonaws.com";
    this.invoker = new aws.iam.Role(
      `${name}-invoker`,
      { assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service }) },
      { parent: this },
    );
    const statement = allow(["lambda:InvokeFunction"], args.function.arn);
    new aws.iam.RolePolicy(
      `${name}-invoker`,
      { role: this.invoker.id, policy: { Version: "2012-10-17", Statement: [statement] } },
      { parent: this },
    );
    this.registerOutputs();
  }
}
