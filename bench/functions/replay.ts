import * as http from "node:http";
import { parseAwsCall } from "../../laptop/aws-call";
import { type LoopbackServer, startLoopbackServer } from "../../laptop/loopback-server";
import { readBody } from "../../laptop/read-body";
import type { RecordedCall } from "./record";

export interface Replay extends LoopbackServer {
  /** From now on the calls of each invocation are these, in this order. */
  expect(calls: RecordedCall[]): void;
  /** Throws where another call has come in. */
  check(): void;
}

/** Answers calls to AWS as they were answered at `recordedAt`, with the times in them moved to now. */
export async function startReplay(recordedAt: number): Promise<Replay> {
  let expected: RecordedCall[] = [];
  let count = 0;
  let problem: string | undefined;

  function answer(request: http.IncomingMessage, body: Buffer, response: http.ServerResponse) {
    const call = parseAwsCall(request, body);
    const next = expected[count % expected.length];
    count += 1;
    if (!next || call?.service !== next.service || call.action !== next.action) {
      problem ??= `the call was ${labelOf(call)}, and not ${labelOf(next)} as it was recorded`;
      response.writeHead(400).end();
      return;
    }
    const { status, contentType, body: text } = next.response;
    response.writeHead(status, { "content-type": contentType });
    response.end(atNow(text, recordedAt));
  }

  const server = http.createServer((request, response) => {
    readBody(request, Infinity)
      .then((body = Buffer.alloc(0)) => answer(request, body, response))
      .catch(() => response.destroy());
  });
  // Connections outlive the time in which the other process is measured.
  server.keepAliveTimeout = 0;
  return {
    ...(await startLoopbackServer(server, 0)),
    expect(calls) {
      expected = calls;
      count = 0;
    },
    check() {
      if (problem !== undefined) throw new Error(problem);
    },
  };
}

/** Such as `dynamodb:PutItem`. */
export function labelOf(call: Pick<RecordedCall, "service" | "action"> | undefined): string {
  return call ? `${call.service}:${call.action}` : "none";
}

/** Moves the times in a text, milliseconds since 1970 and ISO 8601, as if it were of now: leases are not over. */
export function atNow(text: string, recordedAt: number): string {
  const passed = Date.now() - recordedAt;
  return text
    .replaceAll(/\b\d{13}\b/g, (time) => String(Number(time) + passed))
    .replaceAll(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) =>
      new Date(Date.parse(time) + passed).toISOString(),
    );
}
