// Lambda's JSON log format puts each entry below `message`, beside time, level and request id: CloudWatch Logs
// Insights finds an order's by `filter message.orderId = "…"`.
// Log ids and outcomes only: a request's values may be personal data.

type Fields = Record<string, string | number | undefined>;

export function logInfo(message: string, fields: Fields): void {
  console.info({ message, ...fields });
}

export function logWarning(message: string, fields: Fields): void {
  console.warn({ message, ...fields });
}

export function logError(message: string, error: unknown, fields: Fields): void {
  const {
    name,
    message: reason,
    stack,
  } = error instanceof Error ? error : new Error(String(error));
  console.error({ message, ...fields, error: name, reason, stack });
}
