import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import type { Context } from "aws-lambda";
import { METRIC_NAMESPACE, METRICS, STACK_DIMENSION } from "../metrics";
import type { Telemetry } from "../telemetry";
import { env } from "./env";

/**
 * A function that writes a log of JSON lines, each with the ids of its invocation, and at the end of an
 * invocation the metrics, as a line that CloudWatch reads them from.
 */
export function observed<E, R>(
  make: (telemetry: Telemetry) => (event: E) => Promise<R>,
): (event: E, context: Context) => Promise<R> {
  const logger = new Logger({ serviceName: METRIC_NAMESPACE });
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE });
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ [STACK_DIMENSION]: env("STACK") });
  const handle = make({
    log: {
      info: (message, fields) => logger.info(message, fields),
      warn: (message, fields) => logger.warn(message, fields),
      error: (message, error, fields) =>
        logger.error(message, { ...fields, error: errorOf(error) }),
    },
    measure(name, value = 1) {
      metrics.addMetric(name, METRICS[name], value);
    },
  });
  return async (event, context) => {
    logger.addContext(context);
    try {
      return await handle(event);
    } finally {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}

function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
