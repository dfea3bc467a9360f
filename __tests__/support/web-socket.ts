import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

export interface Socket {
  send(text: string): void;
  close(): void;
}

const TEXT = 0x81;
const MASKED = 0x80;

/** A WebSocket client for servers that send whole text messages: Node 20 has none of its own. */
export async function openWebSocket(url: string, onText: (text: string) => void): Promise<Socket> {
  const request = get(url.replace(/^ws:/, "http:"), {
    headers: {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": Buffer.alloc(16).toString("base64"),
    },
  });
  const [, stream, head] = (await once(request, "upgrade")) as [IncomingMessage, Duplex, Buffer];
  let received = head;
  stream.on("data", (chunk: Buffer) => {
    received = readFrames(Buffer.concat([received, chunk]), onText);
  });
  stream.on("error", () => undefined);
  return {
    send: (text) => void stream.write(frameOf(Buffer.from(text))),
    close: () => void stream.destroy(),
  };
}

/** Gives what belongs to a frame that is not complete yet. */
function readFrames(bytes: Buffer, onText: (text: string) => void): Buffer {
  if (bytes.length < 2) return bytes;
  const short = bytes.readUInt8(1);
  const header = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (bytes.length < header) return bytes;
  const length =
    short === 127
      ? Number(bytes.readBigUInt64BE(2))
      : short === 126
        ? bytes.readUInt16BE(2)
        : short;
  if (bytes.length < header + length) return bytes;
  if (bytes.readUInt8(0) === TEXT) onText(bytes.toString("utf8", header, header + length));
  return readFrames(bytes.subarray(header + length), onText);
}

/** A client has to mask what it sends; zeros leave it as it is. */
function frameOf(payload: Buffer): Buffer {
  const mask = Buffer.alloc(4);
  if (payload.length < 126) {
    return Buffer.concat([Buffer.from([TEXT, MASKED | payload.length]), mask, payload]);
  }
  const length = Buffer.alloc(8);
  length.writeBigUInt64BE(BigInt(payload.length));
  return Buffer.concat([Buffer.from([TEXT, MASKED | 127]), length, mask, payload]);
}
