import { createServer } from "node:http";
import { checkInspection, parseInspection, withFreePort } from "../../laptop/inspection";
import { startLoopbackServer } from "../../laptop/loopback-server";

describe("--inspect", () => {
  it("takes a function, and a port where another one than Node's is wanted", () => {
    expect(parseInspection("get-order")).toEqual({ function: "get-order", port: 9229 });
    expect(parseInspection("get-order:0")).toEqual({ function: "get-order", port: 0 });
  });

  it.each([
    ["", "--inspect takes a function, such as process-order, not "],
    ["f:1:2", "--inspect takes a function, such as process-order, not f:1:2"],
    ["f:x", "--inspect <function>:<port> takes a number from 0 to 65535, not x"],
  ])("is refused in a sentence: %j", (text, message) => {
    expect(() => parseInspection(text)).toThrow(new Error(message));
  });

  it("names the functions where there is none of that name", () => {
    const names = ["process-order", "get-order"];
    expect(() => checkInspection({ function: "fulfil", port: 0 }, names)).toThrow(
      "--inspect: there is no function fulfil, only get-order, process-order",
    );
    expect(() => checkInspection({ function: "get-order", port: 0 }, names)).not.toThrow();
  });

  it("names a port that is in use", async () => {
    const server = await startLoopbackServer(createServer(), 0);
    const port = Number(new URL(server.url).port);
    await expect(withFreePort({ function: "f", port })).rejects.toThrow(
      `port ${port} is taken: choose another one with --inspect f:<port>`,
    );
    await server.stop();
    expect(await withFreePort({ function: "f", port })).toEqual({ function: "f", port });
  });
});
