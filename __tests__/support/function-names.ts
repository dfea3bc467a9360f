/** The functions that index.ts is expected to register. */
export const FUNCTIONS = [
  "cancel-order",
  "create-order",
  "get-order",
  "process-order",
  "reconcile-orders",
];
