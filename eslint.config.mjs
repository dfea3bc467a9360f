import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import regexp from "eslint-plugin-regexp";
import importSort from "eslint-plugin-simple-import-sort";
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
  group: [
    "authorize-caller",
    "cancel-order",
    "create-order",
    "get-order",
    "list-orders",
    "process-order",
    "reconcile-orders",
  ].map((name) => `**/${name}`),
  message: "Handlers are imported by index.ts only.",
};

/**
 * Which folders, or files, a folder may import from, besides packages and itself. Whatever is not named here
 * is imported by index.ts and tests only.
 */
const ARROWS = {
  handlers: [],
  infra: ["handlers"],
  simulation: ["handlers", "infra/life-times", "command-line"],
  model: ["command-line"],
  laptop: ["command-line"],
  harness: ["laptop", "handlers"],
  faults: ["harness", "laptop", "handlers", "command-line"],
  examples: ["faults", "harness", "laptop", "handlers", "command-line"],
  rehearsal: ["faults/short-times", "harness", "laptop", "handlers", "command-line"],
  operations: ["handlers", "infra", "command-line"],
  bench: ["simulation", "harness", "laptop", "handlers", "infra", "command-line"],
  tools: ["infra", "command-line"],
  "command-line": [],
};

/** Of the laptop's folders; all of them may import the modules in laptop/ itself. */
const LAPTOP_ARROWS = {
  program: [],
  cloudwatch: ["iam", "program"],
  budgets: ["program"],
  kms: ["iam"],
  iam: ["program"],
  inspect: [],
  endpoint: ["iam", "dynamodb", "sns", "cloudwatch", "traces"],
  dynamodb: ["iam", "kms", "program", "endpoint", "traces"],
  sqs: ["iam", "kms", "program"],
  lambda: ["cloudwatch", "inspect", "sqs", "iam", "program", "traces"],
  sns: ["sqs", "lambda", "iam", "kms", "program", "traces"],
  events: ["lambda", "iam", "program"],
  apigateway: ["cloudwatch", "iam", "lambda", "program", "traces"],
  issuer: ["program"],
  traces: [],
  console: [
    "apigateway",
    "cloudwatch",
    "dynamodb",
    "endpoint",
    "iam",
    "lambda",
    "program",
    "traces",
  ],
};

/** What is copied into handlers/, and a server that is somebody else's: examples/proof/ alone runs both. */
const EXAMPLES = [
  [
    "examples",
    [
      {
        regex: "^\\.\\./(?!handlers/)",
        message: "An example imports packages and handlers/ only.",
      },
      {
        regex: "^\\.\\./handlers/",
        message: "An example imports types of handlers/ only.",
        allowTypeImports: true,
      },
    ],
  ],
  [
    "examples/shop-server",
    [
      {
        regex: "^\\.\\./(?!\\.\\./command-line/)",
        message: "examples/shop-server/ imports packages, itself, command-line only.",
      },
    ],
  ],
];

/** What the browser gets: of the laptop, it imports what the two say to each other. */
const PAGE = ["", "*/"].map((below, depth) => ({
  files: [`laptop/console/page/${below}*.{ts,tsx}`],
  rules: {
    "@typescript-eslint/no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            regex: `^(?:\\.\\./){${depth + 1}}(?!protocol$)|^node:`,
            message: "laptop/console/page/ imports preact, itself and ../protocol only.",
          },
        ],
      },
    ],
    "no-restricted-syntax": [
      "error",
      {
        selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
        message: "What the page shows is text, never markup.",
      },
    ],
  },
}));

/** May be longer than 40 lines a function or 200 a file. */
const LONG = [
  // A closure over one state counts with each of its functions.
  "faults/{fault-runner,load}.ts",
  "handlers/aws/orders-table.ts",
  "harness/laptop.ts",
  "laptop/console/activity.ts",
  "laptop/lambda/{execution-environments,sandbox}.ts",
  "laptop/program/{resources,watch}.ts",
  "laptop/sqs/consumer.ts",
  "laptop/traces/{messages,traces}.ts",
  "operations/redrive/aws.ts",
  "simulation/{calls,clients,event-source,incidents,lambda,orders-table,queue,shrink,step,table,table-index}.ts",
  "simulation/checker/checker.ts",
  // A list, or a grammar.
  "laptop/dynamodb/table.ts",
  "model/timeline.ts",
  "simulation/scenarios.ts",
  "simulation/expressions/conditions.ts",
];

const JEST = [
  "afterAll",
  "afterEach",
  "beforeAll",
  "beforeEach",
  "describe",
  "expect",
  "it",
  "jest",
  "test",
];

const DEPTHS = [1, 2, 3];

/** One rule for each depth: `../` means another folder at each. */
function importRules(folder, allowed, others = () => []) {
  return DEPTHS.map((depth) => {
    const names = allowed.map((name) => `${name}(?:/|$)`).join("|");
    const outside = {
      regex: `^(?:\\.\\./){${depth}}(?!\\.)${names === "" ? "" : `(?!${names})`}`,
      message: `${folder}/ imports ${["packages", "itself", ...allowed].join(", ")} only.`,
    };
    return {
      files: [`${folder}/${"*/".repeat(depth - 1)}*.ts`],
      rules: {
        "@typescript-eslint/no-restricted-imports": [
          "error",
          { patterns: [outside, ...others(depth)] },
        ],
      },
    };
  });
}

/** A service's folder in laptop/, whose other modules are everybody's. */
function laptopPatterns(service, allowed) {
  const names = allowed.map((name) => `(?!${name}/)`).join("");
  return [
    {
      regex: `^\\.\\./(?!\\.)${names}[^/]+/`,
      message: `laptop/${service}/ imports ${[...allowed, "the modules in laptop/"].join(", ")} only.`,
    },
    { regex: "^\\.\\./\\.\\./", message: "laptop/ knows nothing of a program: it runs any." },
  ];
}

/** Handlers are joined by index.ts, and know nothing of AWS but types. */
function handlerPatterns(depth) {
  return depth === 1 ? [AWS, HANDLERS] : [{ ...HANDLERS, allowTypeImports: true }];
}

export default defineConfig(
  // The second is generated: `npm run -s client:types`.
  { ignores: ["coverage/", "examples/client-types.ts"] },
  js.configs.recommended,
  // Some texts come from outside: no pattern may take time that outgrows its text.
  {
    plugins: { regexp },
    rules: {
      "regexp/no-super-linear-backtracking": "error",
      "regexp/no-super-linear-move": "error",
    },
  },
  {
    files: ["**/*.{ts,tsx}"],
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
    files: ["**/*.{ts,tsx}"],
    plugins: { "simple-import-sort": importSort },
    rules: {
      "simple-import-sort/imports": ["error", { groups: [["^node:", "^@?\\w", "^\\."]] }],
    },
  },
  {
    files: ["**/*.{ts,tsx}"],
    ignores: ["__tests__/**", ...LONG],
    rules: {
      "max-lines": ["warn", { max: 200, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["warn", { max: 40, skipBlankLines: true, skipComments: true }],
    },
  },
  // The compiler knows jest's names everywhere: there is one project for all, or each type is checked twice.
  {
    files: ["**/*.ts"],
    ignores: ["__tests__/**"],
    rules: { "no-restricted-globals": ["error", ...JEST] },
  },
  {
    files: ["handlers/**/*.ts", "examples/*.ts"],
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
  ...Object.entries(ARROWS).flatMap(([folder, allowed]) =>
    importRules(folder, allowed, folder === "handlers" ? handlerPatterns : undefined),
  ),
  ...EXAMPLES.map(([folder, patterns]) => ({
    files: [`${folder}/*.ts`],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns }] },
  })),
  ...Object.entries(LAPTOP_ARROWS).map(([service, allowed]) => ({
    files: [`laptop/${service}/*.ts`],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        { patterns: laptopPatterns(service, allowed) },
      ],
    },
  })),
  ...PAGE,
  // expect.any() and its like are typed as any.
  { files: ["__tests__/**/*.ts"], rules: { "@typescript-eslint/no-unsafe-assignment": "off" } },
  // Loads what it does not know beforehand: a handler, a program.
  {
    files: ["bench/functions/worker.ts", "laptop/program/evaluate-child.ts"],
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  {
    files: ["**/*.cjs"],
    languageOptions: {
      globals: { module: "writable", process: "readonly", require: "readonly" },
    },
  },
  {
    files: ["laptop/lambda/runtime.cjs"],
    languageOptions: { globals: { console: "writable", Request: "readonly" } },
  },
  { files: ["**/*.mjs"], languageOptions: { globals: { process: "readonly", URL: "readonly" } } },
);
