/**
 * fauxqs knows each queue by a URL on a host that not every system can resolve
 * (sqs.<region>.localhost), so the stack gives out URLs on 127.0.0.1 instead. Puts the former in the
 * place of whatever host the QueueUrl of an SQS call names. What is no such call stays as it is: the
 * emulator has the right error for it.
 */
export function withKnownQueueUrl(body: Buffer, region: string, port: number): Buffer {
  try {
    const call = JSON.parse(body.toString()) as Record<string, unknown>;
    const { pathname } = new URL(String(call["QueueUrl"]));
    const QueueUrl = `http://sqs.${region}.localhost:${port}${pathname}`;
    return Buffer.from(JSON.stringify({ ...call, QueueUrl }));
  } catch {
    return body;
  }
}
