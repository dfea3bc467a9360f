/** The function in the URI by which API Gateway invokes one; undefined where it is another kind of URI. */
export function functionArnIn(uri: string): string | undefined {
  const functionArn =
    /^arn:aws:apigateway:[a-z0-9-]+:lambda:path\/[^/]+\/functions\/(arn:aws:lambda:[^/]+)\/invocations$/.exec(
      uri,
    )?.[1];
  // Of a program that has no region.
  return uri.includes("undefined") ? undefined : functionArn;
}
