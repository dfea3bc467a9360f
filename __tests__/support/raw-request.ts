import * as http from "node:http";
import { text } from "node:stream/consumers";

export interface RawResponse {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** A request with exactly these headers, of which one may come twice. */
export function rawRequest(
  url: string,
  { method = "GET", headers = [], body = "" }: RawRequestOptions = {},
): Promise<RawResponse> {
  const { host } = new URL(url);
  const given = [...headers, ["Host", host], ["Content-Length", String(Buffer.byteLength(body))]];
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers: given.flat() }, (response) => {
      text(response).then(
        (answer) =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: answer }),
        reject,
      );
    });
    request.on("error", reject).end(body);
  });
}

interface RawRequestOptions {
  method?: string;
  headers?: [string, string][];
  body?: string;
}
