import type { IncomingMessage } from "node:http";

/**
 * A request's body; undefined when it is too large, but read to its end all the same, so that the client gets the
 * response. By events: `node:stream/consumers` makes a Blob of each body on Node 20.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
    });
    request.once("end", () => resolve(size <= maxBytes ? Buffer.concat(chunks) : undefined));
    request.once("error", reject);
    request.once("close", () => reject(new Error("the client went away")));
  });
}
