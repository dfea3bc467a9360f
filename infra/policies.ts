import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Lets a role do this to one resource. */
export function allow(actions: string[], resource: pulumi.Input<string>): aws.iam.PolicyStatement {
  return { Effect: "Allow", Action: actions, Resource: resource };
}

/**
 * The policy of a queue or topic: for this account's roles only and over TLS only, whatever else may
 * allow it. It allows nothing: what a role may do stands in its own policy. AWS's own services are
 * not denied by account, since they have none: nothing allows them anything either.
 */
export function denyInsecureAndForeignAccess(
  arn: pulumi.Output<string>,
  Action: string | string[],
): pulumi.Output<string> {
  return arn.apply((Resource) => {
    const deny = { Effect: "Deny", Principal: "*", Action, Resource };
    return JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        denyInsecureAccess(Action, Resource),
        {
          Sid: "OnlyThisAccount",
          ...deny,
          Condition: {
            StringNotEquals: { "aws:PrincipalAccount": accountIn(Resource) },
            BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
          },
        },
      ],
    });
  });
}

/** The statement of a resource's policy that denies everyone these actions without TLS. */
export function denyInsecureAccess(Action: string | string[], Resource: string) {
  return {
    Sid: "OnlyOverTls",
    Effect: "Deny",
    Principal: "*",
    Action,
    Resource,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/** The account ID in an ARN: arn:partition:service:region:account:resource. */
export function accountIn(arn: string): string {
  return arn.split(":")[4] ?? "";
}
