import { type Expression, type FunctionDeclaration, parse, type Statement } from "acorn";

/** A function as Pulumi serialises it: made anew by each call, in a `with` of what it captures. */
interface Serialised {
  declaration: FunctionDeclaration;
  captured: { name: string; value: Expression }[];
  made: Expression;
}

/**
 * A serialised closure whose functions are made by their first call, with parameters in the place of a `with`,
 * where names are looked up while it runs and V8 optimises nothing. What is written in another way, or bound to a
 * `this`, stays as it is.
 */
export function madeOnce(closure: string): string {
  const textOf = ({ start, end }: { start: number; end: number }) => closure.slice(start, end);
  let text = "";
  let end = 0;
  for (const statement of parse(closure, { ecmaVersion: "latest" }).body) {
    const serialised = serialisedFunction(statement as Statement, textOf);
    if (!serialised) continue;
    text += closure.slice(end, statement.start) + rewritten(serialised, textOf);
    end = statement.end;
  }
  return text + closure.slice(end);
}

type TextOf = (node: { start: number; end: number }) => string;

function rewritten({ declaration, captured, made }: Serialised, textOf: TextOf): string {
  const { id, params } = declaration;
  const names = captured.map(({ name }) => name).join(", ");
  const values = captured.map(({ value }) => textOf(value)).join(", ");
  // Pulumi writes no name with a "$".
  return `var ${id.name}$made;
function ${id.name}(${params.map(textOf).join(", ")}) {
  return (${id.name}$made ??= (function(${names}) {
return ${textOf(made)};
  })(${values})).apply(this, arguments);
}`;
}

/**
 * `function name(…) { return (function() { with({ name: value, …, this: undefined, arguments: undefined }) {
 * return made; } }).apply(undefined, undefined).apply(this, arguments); }`
 */
function serialisedFunction(statement: Statement, textOf: TextOf): Serialised | undefined {
  if (statement.type !== "FunctionDeclaration") return undefined;
  const maker = appliedTo(returnedBy(statement.body), ["this", "arguments"], textOf);
  const making = appliedTo(maker, ["undefined", "undefined"], textOf);
  if (making?.type !== "FunctionExpression" || making.params.length > 0) return undefined;
  const [inner, ...others] = making.body.body;
  if (inner?.type !== "WithStatement" || others.length > 0) return undefined;
  const captured = capturedBy(inner.object);
  const made = returnedBy(inner.body);
  return captured && made ? { declaration: statement, captured, made } : undefined;
}

/** Of a block with a return and nothing else. */
function returnedBy(block: Statement): Expression | undefined {
  if (block.type !== "BlockStatement" || block.body.length !== 1) return undefined;
  const [only] = block.body;
  return only?.type === "ReturnStatement" ? (only.argument ?? undefined) : undefined;
}

/** What stands before `.apply(first, second)`. */
function appliedTo(
  call: Expression | undefined,
  expected: [string, string],
  textOf: TextOf,
): Expression | undefined {
  if (call?.type !== "CallExpression") return undefined;
  const { callee } = call;
  if (callee.type !== "MemberExpression" || textOf(callee.property) !== "apply") return undefined;
  const isExpected = call.arguments.map(textOf).join() === expected.join();
  return isExpected && callee.object.type !== "Super" ? callee.object : undefined;
}

function capturedBy(environment: Expression): Serialised["captured"] | undefined {
  if (environment.type !== "ObjectExpression") return undefined;
  const captured = [];
  for (const property of environment.properties) {
    if (property.type !== "Property" || property.computed || property.method) return undefined;
    const { key, kind, value } = property;
    if (key.type !== "Identifier" || kind !== "init") return undefined;
    captured.push({ name: key.name, value });
  }
  return captured.filter(({ name }) => name !== "this" && name !== "arguments");
}
