import { NO_SIGNING_KEYS } from "../../../handlers/signing-keys";
import { authorizerVariables } from "../../../infra/auth-config";
import { formatAge } from "../../ages";
import type { FunctionName, StackOutputs } from "../../target/stack";
import type { Finding, Level } from "../findings";
import type { FunctionMetrics, LastError, Wanted } from "../observations";

/** From this share of invocations on, errors and throttles are more than single ones. */
const BAD_SHARE = 0.05;

/** Counts of the last hour. An authorizer refuses a token by an error, which Lambda counts as one. */
export function checkFunction(name: FunctionName, counts: FunctionMetrics): Finding[] {
  const { invocations = 0, errors = 0, throttles = 0 } = counts;
  const of = `of ${invocations} invocations in the last hour`;
  const findings: Finding[] = [];
  const isRefusing = name === "authorize-caller" && errors > 0;
  if (errors > 0 && !isRefusing) {
    const text = `${name}: ${errors} ${of} failed`;
    findings.push({ level: levelOf(errors, invocations), text, runbook: "function-errors" });
  }
  if (throttles > 0) {
    const text = `${name}: ${throttles} were throttled, beside ${invocations} in the last hour`;
    const level = levelOf(throttles, invocations + throttles);
    findings.push({ level, text, runbook: "function-throttles" });
  }
  if (findings.length > 0) return findings;
  const failed = isRefusing ? `${errors} ended with a token refused or an error` : "none failed";
  return [{ level: "ok", text: `${name}: ${invocations} invocations in the last hour, ${failed}` }];
}

function levelOf(count: number, invocations: number): Level {
  return count >= BAD_SHARE * invocations ? "bad" : "warning";
}

/** Entries that a handler logs itself, and where the runbook has them: the function as such does well. */
const SECTIONS: Record<string, string> = {
  "attempt failed": "attempts-failing",
  "undo failed": "undo-failed",
  "customer could not be notified": "notifications-failed",
  "order could not be moved on": "oldest-order",
  "request failed": "api-errors",
  [NO_SIGNING_KEYS]: "authorizer-failing",
};

/** An attempt that failed is one as well, and it is tried again: so it is no more than a warning. */
export function checkLastError(name: FunctionName, last: LastError, now: number): Finding[] {
  if (!last) return [];
  const text = `${name}: last error ${formatAge(now - last.at)} ago: ${last.text}`;
  return [{ level: "warning", text, runbook: SECTIONS[String(last.message)] ?? "function-errors" }];
}

/** Keys that are known stay in use for an hour: customers need not have noticed yet. */
export function checkSigningKeys(
  last: LastError,
  auth: StackOutputs["auth"],
  now: number,
): Finding[] {
  const uri = auth ? authorizerVariables(auth)["JWKS_URI"] : undefined;
  return checkLastError("authorize-caller", last, now).map((finding) => ({
    ...finding,
    text: `${finding.text}: customers get 503 where it has no keys of the last hour`,
    todo: `curl --fail ${uri ?? ""} shows whether the issuer gives its keys (auth.jwksUri)`,
  }));
}

/** Beside the workers: for the functions behind the API, and the reconciler. */
const WANTED_BESIDE = 10;

/** `unreserved`: executions at once, for all functions of the account and region together. */
export function checkConcurrency(unreserved: number, { processing }: Wanted): Finding[] {
  const { maximumConcurrency } = processing;
  const text = `the account runs ${unreserved} executions at once, process-order takes up to ${maximumConcurrency}`;
  if (unreserved - maximumConcurrency >= WANTED_BESIDE) return [{ level: "ok", text }];
  const todo = "raise the quota of concurrent executions, or lower processing.maximumConcurrency";
  return [{ level: "warning", text, todo, runbook: "function-throttles" }];
}
