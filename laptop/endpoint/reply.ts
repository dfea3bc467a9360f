import type { ServerResponse } from "node:http";
import type { AwsResponse } from "./errors";

/** Where the response to a call goes. */
export interface Reply {
  /** Whoever waits for it has got it, or has left. */
  readonly closed: boolean;
  onClose(listener: () => void): void;
  send(response: AwsResponse): void;
  /** The rest does not come. */
  sendHalf(response: AwsResponse): void;
  /** Without a response, or without the rest of it. */
  close(): void;
}

/** To a client that calls by HTTP. */
export function httpReply(response: ServerResponse): Reply {
  function writeHead({ status, headers }: AwsResponse): void {
    for (const [name, value] of Object.entries(headers)) {
      if (value !== undefined && name !== "transfer-encoding") response.setHeader(name, value);
    }
    response.statusCode = status;
  }

  return {
    get closed() {
      return response.closed;
    },
    onClose: (listener) => void response.once("close", listener),
    send(whole) {
      writeHead(whole);
      response.end(whole.body);
    },
    sendHalf(whole) {
      const { "content-length": _length, ...headers } = whole.headers;
      writeHead({ ...whole, headers });
      response.flushHeaders();
      response.write(whole.body.subarray(0, whole.body.length / 2));
    },
    close: () => void response.destroy(),
  };
}
