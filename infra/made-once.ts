import * as ts from "typescript";

/** A function as Pulumi serialises it: made anew by each call, in a `with` of what it captures. */
interface Serialised {
  declaration: ts.FunctionDeclaration;
  name: string;
  captured: { name: string; value: ts.Expression }[];
  made: ts.Expression;
}

/**
 * A serialised closure whose functions are made by their first call, with parameters in the place of a `with`,
 * where names are looked up while it runs and V8 optimises nothing. What is written in another way, or bound to a
 * `this`, stays as it is.
 */
export function madeOnce(closure: string): string {
  const file = ts.createSourceFile("closure.js", closure, ts.ScriptTarget.ES2022, true);
  let text = "";
  let end = 0;
  for (const statement of file.statements) {
    const serialised = serialisedFunction(statement);
    if (!serialised) continue;
    text += closure.slice(end, statement.getStart()) + rewritten(serialised);
    end = statement.end;
  }
  return text + closure.slice(end);
}

function rewritten({ declaration, name, captured, made }: Serialised): string {
  const names = captured.map((each) => each.name).join(", ");
  const values = captured.map(({ value }) => value.getText()).join(", ");
  const parameters = declaration.parameters.map((each) => each.getText()).join(", ");
  // Pulumi writes no name with a "$".
  return `var ${name}$made;
function ${name}(${parameters}) {
  return (${name}$made ??= (function(${names}) {
return ${made.getText()};
  })(${values})).apply(this, arguments);
}`;
}

/**
 * `function name(…) { return (function() { with({ name: value, …, this: undefined, arguments: undefined }) {
 * return made; } }).apply(undefined, undefined).apply(this, arguments); }`
 */
function serialisedFunction(statement: ts.Statement): Serialised | undefined {
  if (!ts.isFunctionDeclaration(statement) || !statement.name || !statement.body) return undefined;
  const maker = appliedTo(returnedBy(statement.body), "this", "arguments");
  const making = appliedTo(maker, "undefined", "undefined");
  if (!making || !ts.isParenthesizedExpression(making)) return undefined;
  const { expression } = making;
  if (!ts.isFunctionExpression(expression) || expression.parameters.length > 0) return undefined;
  const [inner, ...others] = expression.body.statements;
  if (!inner || others.length > 0 || !ts.isWithStatement(inner)) return undefined;
  const captured = capturedBy(inner.expression);
  const made = returnedBy(inner.statement);
  if (!captured || !made) return undefined;
  return { declaration: statement, name: statement.name.text, captured, made };
}

/** Of a block with a return and nothing else. */
function returnedBy(block: ts.Statement): ts.Expression | undefined {
  if (!ts.isBlock(block) || block.statements.length !== 1) return undefined;
  const [only] = block.statements;
  return only && ts.isReturnStatement(only) ? only.expression : undefined;
}

/** What stands before `.apply(first, second)`. */
function appliedTo(
  call: ts.Expression | undefined,
  ...expected: [string, string]
): ts.Expression | undefined {
  if (!call || !ts.isCallExpression(call)) return undefined;
  const { expression, arguments: given } = call;
  const isExpected = given.map((each) => each.getText()).join() === expected.join();
  const isApply = ts.isPropertyAccessExpression(expression) && expression.name.text === "apply";
  return isApply && isExpected ? expression.expression : undefined;
}

function capturedBy(environment: ts.Expression): Serialised["captured"] | undefined {
  if (!ts.isObjectLiteralExpression(environment)) return undefined;
  const captured = [];
  for (const property of environment.properties) {
    if (!ts.isPropertyAssignment(property) || !ts.isIdentifier(property.name)) return undefined;
    const { name, initializer: value } = property;
    captured.push({ name: name.text, value });
  }
  return captured.filter(({ name }) => name !== "this" && name !== "arguments");
}
