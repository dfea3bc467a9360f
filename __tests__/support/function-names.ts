/** The functions that index.ts is expected to register. */
export const FUNCTIONS = [
  "cancel-order",
  "create-order",
  "get-order",
  "process-order",
  "reconcile-orders",
];

/** Those that it registers where an issuer is configured. */
export const CLOSED_FUNCTIONS = [...FUNCTIONS, "authorize-caller", "list-orders"].sort();
