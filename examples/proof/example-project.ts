import { readFileSync } from "node:fs";
import * as path from "node:path";
import type { Override } from "../../harness/overrides";
import { copyProject } from "../../harness/project-copy";

const EXAMPLE = path.join(__dirname, "..", "fulfil-with-payment.ts");

/** A copy of the project with the example as its business step; `constants` of the example have other values. */
export function copyWithExample(constants: Record<string, string>) {
  const text = Object.entries(constants).reduce(withConstant, readFileSync(EXAMPLE, "utf8"));
  return copyProject({ "handlers/fulfil-order.ts": text });
}

/** The line that index.ts needs for the example. */
export function shopAt(url: string): Override {
  return (registration) => {
    const { type, name, inputs } = registration;
    if (type !== "aws:lambda/function:Function" || name !== "process-order") return registration;
    const { variables } = inputs["environment"] as { variables: Record<string, string> };
    const environment = { variables: { ...variables, SHOP_URL: url } };
    return { ...registration, inputs: { ...inputs, environment } };
  };
}

function withConstant(text: string, [name, value]: [string, string]): string {
  const declaration = new RegExp(`^const ${name} = .*;$`, "m");
  if (!declaration.test(text)) throw new Error(`the example has no ${name}`);
  return text.replace(declaration, `const ${name} = ${value};`);
}
