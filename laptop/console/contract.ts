import { readFileSync } from "node:fs";
import * as path from "node:path";
import { is, optional, string, type, unknown } from "superstruct";
import { parse } from "yaml";
import { jsonObject } from "../json-object";
import type { ExampleRequest } from "./protocol";

/** The program's OpenAPI contract, as package.json names it. */
export interface Contract {
  /** With `servers` that are the running stack. */
  document(apiUrl: string | undefined): object;
  requests: ExampleRequest[];
}

const METHODS = ["get", "post", "put", "patch", "delete"];
const operationStruct = type({
  summary: optional(string()),
  requestBody: optional(unknown()),
});
const exampleStruct = type({ summary: optional(string()), value: unknown() });

/** Throws where there is no such file, or it is no YAML. */
export function readContract(directory: string, file: string): Contract {
  const document: unknown = parse(readFileSync(path.join(directory, file), "utf8"));
  if (!is(document, jsonObject)) throw new Error(`${file} is no OpenAPI document`);
  return {
    document: (apiUrl) => ({
      ...document,
      ...(apiUrl !== undefined && { servers: [{ url: apiUrl.replace(/\/$/, "") }] }),
    }),
    requests: requestsIn(document),
  };
}

type Json = Record<string, unknown>;

function requestsIn(document: Json): ExampleRequest[] {
  const resolve = (value: unknown): Json => {
    const object = is(value, jsonObject) ? value : {};
    const { $ref } = object;
    if (typeof $ref !== "string") return object;
    const steps = $ref.replace(/^#\//, "").split("/");
    return resolve(
      steps.reduce<unknown>((at, step) => (is(at, jsonObject) ? at[step] : {}), document),
    );
  };
  return Object.entries(resolve(document["paths"])).flatMap(([apiPath, operations]) =>
    METHODS.flatMap((method) => {
      const operation = resolve(operations)[method];
      if (!is(operation, operationStruct)) return [];
      const title = operation.summary ?? `${method.toUpperCase()} ${apiPath}`;
      const request = { title, method: method.toUpperCase(), path: apiPath, headers: {} };
      const content = resolve(resolve(operation.requestBody)["content"]);
      const examples = Object.values(resolve(resolve(content["application/json"])["examples"]));
      const bodies = examples
        .map(resolve)
        .filter((each) => "value" in each && is(each, exampleStruct));
      return bodies.length === 0 ? [request] : bodies.map((body) => withBody(request, body));
    }),
  );
}

function withBody(
  request: ExampleRequest,
  { summary, value }: { summary?: string | undefined; value: unknown },
): ExampleRequest {
  return {
    ...request,
    title: summary === undefined ? request.title : `${request.title}: ${summary}`,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(value, null, 2),
  };
}
