import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";

/** The keywords of JSON Schema that openapi.yaml uses. */
export interface Schema {
  type?: "object" | "array" | "string" | "integer" | "number" | "boolean";
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean;
  items?: Schema;
  allOf?: Schema[];
  examples?: unknown[];
}

export interface Header {
  required?: boolean;
  schema: Schema;
  example?: unknown;
}

export interface MediaType {
  schema: Schema;
  examples?: Record<string, { value: unknown }>;
}

/** Of a status. */
export interface ResponseObject {
  headers?: Record<string, Header>;
  content?: Record<string, MediaType>;
}

export interface Parameter {
  name: string;
  in: "header" | "path" | "query";
  schema: Schema;
  example?: unknown;
}

export interface Operation {
  operationId: string;
  description?: string;
  parameters?: Parameter[];
  requestBody?: { description?: string; content: Record<string, MediaType> };
  responses: Record<string, ResponseObject>;
  security?: Record<string, string[]>[];
}

interface PathItem extends Partial<Record<"get" | "post" | "delete", Operation>> {
  parameters?: Parameter[];
}

export interface Contract {
  info: { description: string };
  security: Record<string, string[]>[];
  paths: Record<string, PathItem>;
  components: {
    schemas: Record<string, Schema>;
    headers: Record<string, Header>;
    responses: Record<string, ResponseObject>;
    examples: Record<string, { value: unknown }>;
  };
}

/** An operation with its place. */
export interface Route {
  /** In lower case, as in the file. */
  method: string;
  path: string;
  operation: Operation;
  parameters: Parameter[];
}

export const FILE = path.join(__dirname, "..", "..", "..", "openapi.yaml");

/** With its references as they are. */
export function readDocument(): unknown {
  return parse(readFileSync(FILE, "utf8"));
}

/** With each reference replaced by what it refers to: none refers to itself. That it is valid is a test's business. */
export function readContract(document = readDocument()): Contract {
  return dereferenced(document, document) as Contract;
}

export function routesOf({ paths }: Contract): Route[] {
  return Object.entries(paths).flatMap(([path, item]) => {
    const { parameters: shared = [], ...operations } = item;
    return Object.entries(operations).map(([method, operation]) => {
      return { method, path, operation, parameters: [...shared, ...(operation.parameters ?? [])] };
    });
  });
}

export function schemaNamed({ components }: Contract, name: string): Schema {
  const schema = components.schemas[name];
  if (!schema) throw new Error(`openapi.yaml has no schema ${name}`);
  return schema;
}

function dereferenced(value: unknown, root: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => dereferenced(each, root));
  if (typeof value !== "object" || value === null) return value;
  const { $ref, ...others } = value as Record<string, unknown>;
  const own = Object.entries(others).map(([name, each]) => [name, dereferenced(each, root)]);
  const target = typeof $ref === "string" ? dereferenced(valueAt($ref, root), root) : {};
  return { ...(target as object), ...(Object.fromEntries(own) as object) };
}

function valueAt(reference: string, root: unknown): unknown {
  const names = reference.replace(/^#\//, "").split("/");
  const value = names.reduce((parent, name) => (parent as Record<string, unknown>)[name], root);
  if (value === undefined) throw new Error(`openapi.yaml has no ${reference}`);
  return value;
}
