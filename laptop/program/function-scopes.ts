import { Session } from "node:inspector";
import * as v8 from "@pulumi/pulumi/runtime/closure/v8";
import * as v8Hooks from "@pulumi/pulumi/runtime/closure/v8Hooks";

/** What the inspector knows of a function. */
interface Inspected {
  location: Location | undefined;
  /** From the innermost one; each object has the values as they are now. */
  scopes: ArrayLike<{ object?: object }>;
}

interface Location {
  scriptId: string;
  lineNumber: number;
  columnNumber: number;
}

interface Properties {
  result: Property[];
  internalProperties?: Property[];
}

interface Property {
  name: string;
  value?: { objectId?: string; value?: unknown };
}

const hooks = v8Hooks as unknown as {
  getScriptUrl: (id: string) => string | undefined;
  isInitializedAsync: () => Promise<void>;
};

/**
 * Pulumi asks the inspector three times for each variable that a function captures, and has it describe all scripts of
 * the process before. Here it asks three times for each function, when Pulumi begins with it.
 */
export function inspectFunctionsOnce(): void {
  const inspect = makeInspector();
  const inspected = new WeakMap<object, Inspected>();
  Object.assign(v8, {
    getFunctionLocationAsync(func: object) {
      const result = inspect(func);
      inspected.set(func, result);
      return locationOf(result);
    },
    lookupCapturedVariableValueAsync: (func: object, name: string, isRequired: boolean) =>
      valueOf(name, inspected.get(func) ?? inspect(func), isRequired),
  });
}

/** From now on it is known where the functions of each module stand that is loaded. */
export function nameScripts(): Promise<void> {
  return hooks.isInitializedAsync();
}

function locationOf({ location }: Inspected) {
  if (!location) return { file: "", line: 0, column: 0 };
  const { scriptId, lineNumber, columnNumber } = location;
  return { file: hooks.getScriptUrl(scriptId) ?? "", line: lineNumber, column: columnNumber };
}

function valueOf(name: string, { scopes }: Inspected, isRequired: boolean): unknown {
  for (const { object } of Array.from(scopes)) {
    if (object && name in object) return Reflect.get(object, name);
  }
  if (!isRequired) return undefined;
  throw new Error(`Unexpected missing variable in closure environment: ${name}`);
}

function makeInspector(): (func: object) => Inspected {
  const session = new Session();
  session.connect();
  // The inspector knows this object: it finds functions there, and puts scopes there.
  const held: { func?: object; scopes?: Inspected["scopes"] } = {};
  const heldId = idOf(session, held);
  const propertiesOf = (objectId: string) =>
    post(session, "Runtime.getProperties", { objectId, ownProperties: true }) as Properties;

  return (func) => {
    held.func = func;
    const id = valueIn(propertiesOf(heldId).result, "func")?.objectId;
    const { internalProperties = [] } = id === undefined ? {} : propertiesOf(id);
    const location = valueIn(internalProperties, "[[FunctionLocation]]")?.value as
      Location | undefined;
    const objectId = valueIn(internalProperties, "[[Scopes]]")?.objectId;
    held.scopes = [];
    if (objectId !== undefined) {
      const functionDeclaration = "function (held) { held.scopes = this; }";
      const call = { objectId, functionDeclaration, arguments: [{ objectId: heldId }] };
      post(session, "Runtime.callFunctionOn", call);
    }
    return { location, scopes: held.scopes };
  };
}

function valueIn(properties: Property[], name: string): Property["value"] {
  return properties.find((each) => each.name === name)?.value;
}

function idOf(session: Session, object: object): string {
  const name = "order-processing.held";
  Object.defineProperty(globalThis, name, { value: object, configurable: true });
  const expression = `globalThis[${JSON.stringify(name)}]`;
  const { result } = post(session, "Runtime.evaluate", { expression }) as {
    result: { objectId: string };
  };
  Reflect.deleteProperty(globalThis, name);
  return result.objectId;
}

function post(session: Session, method: string, parameters: object): unknown {
  const answers: { error: Error | null; result?: object | undefined }[] = [];
  // It answers at once.
  session.post(method, parameters, (error, result) => answers.push({ error, result }));
  const [answer] = answers;
  if (!answer || answer.error) throw answer?.error ?? new Error(`${method} is not answered`);
  return answer.result;
}
