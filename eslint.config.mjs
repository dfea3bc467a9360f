import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import regexp from "eslint-plugin-regexp";
import tseslint from "typescript-eslint";

const FACTORY = "Handlers are shipped as text: make it inside a factory (see docs/handlers.md).";

const MODULE_LEVEL = [
  "Program > VariableDeclaration",
  "Program > ExportNamedDeclaration > VariableDeclaration",
];
const NOT_JSON_LIKE = [
  "NewExpression",
  "CallExpression",
  "MemberExpression",
  "ArrowFunctionExpression",
  "FunctionExpression",
];

const AWS = {
  group: ["@aws-sdk/*"],
  message: "Only handlers/aws/ talks to AWS.",
  allowTypeImports: true,
};
const HANDLERS = {
  group: ["create-order", "get-order", "process-order", "reconcile-orders"].map(
    (name) => `**/${name}`,
  ),
  message: "Handlers are imported by index.ts only.",
};

/** `outside`: what these files would find outside handlers/. */
function handlerImports(files, outside, ...others) {
  const itself = { group: outside, message: "handlers/ imports packages and itself only." };
  const patterns = [itself, ...others];
  return {
    files: [files],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns }] },
  };
}

export default defineConfig(
  { ignores: ["coverage/"] },
  js.configs.recommended,
  // Some of the texts come from strangers: no pattern may take time that outgrows its text.
  {
    plugins: { regexp },
    rules: {
      "regexp/no-super-linear-backtracking": "error",
      "regexp/no-super-linear-move": "error",
    },
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@typescript-eslint/return-await": ["error", "in-try-catch"],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_" },
      ],
    },
  },
  {
    files: ["handlers/**/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        { selector: "ClassDeclaration, ClassExpression", message: FACTORY },
        ...MODULE_LEVEL.flatMap((declaration) => [
          { selector: `${declaration}[kind!='const']`, message: FACTORY },
          { selector: `${declaration} :matches(${NOT_JSON_LIKE.join(", ")})`, message: FACTORY },
        ]),
      ],
    },
  },
  handlerImports("handlers/**/*.ts", ["../*"], AWS, HANDLERS),
  handlerImports("handlers/aws/*.ts", ["../../*", "../*/*"], {
    ...HANDLERS,
    allowTypeImports: true,
  }),
  // expect.any() and its like are typed as any.
  { files: ["__tests__/**/*.ts"], rules: { "@typescript-eslint/no-unsafe-assignment": "off" } },
  // Loads what it does not know beforehand: a handler, a program.
  {
    files: ["laptop/lambda/runtime.ts", "laptop/program/evaluate-child.ts"],
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  { files: ["**/*.mjs"], languageOptions: { globals: { process: "readonly", URL: "readonly" } } },
);
