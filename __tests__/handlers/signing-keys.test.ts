import type { Jwks } from "aws-jwt-verify/jwk";
import {
  makeSigningKeys,
  MAX_AGE_SECONDS,
  MIN_SECONDS_BETWEEN_FETCHES,
  REFRESH_SECONDS,
  RETRY_SECONDS,
} from "../../handlers/signing-keys";
import { forgetTelemetry, logs, telemetry } from "../support/telemetry";

beforeEach(forgetTelemetry);

/** An issuer whose keys are told apart by their kid: the number of the fetch. */
function setUp() {
  const issuer = { fetches: 0, isDown: false };
  let seconds = 1_000_000;
  const keys = makeSigningKeys({
    fetchKeys() {
      issuer.fetches += 1;
      const given: Jwks = { keys: [{ kty: "RSA", kid: String(issuer.fetches) }] };
      return issuer.isDown ? Promise.reject(new Error("down")) : Promise.resolve(given);
    },
    log: telemetry.log,
    now: () => new Date(seconds * 1000),
  });
  const kidIn = (jwks: Jwks | undefined) => jwks?.keys[0]?.kid;
  return {
    issuer,
    wait: (for_: number) => void (seconds += for_),
    current: async () => kidIn(await keys.current()),
    newer: async () => kidIn(await keys.newer()),
  };
}

describe("the signing keys of an issuer", () => {
  it("are fetched once, and again when they are old", async () => {
    const { current, wait, issuer } = setUp();
    expect([await current(), await current()]).toEqual(["1", "1"]);
    wait(REFRESH_SECONDS - 1);
    expect(await current()).toBe("1");
    wait(1);
    expect([await current(), await current()]).toEqual(["2", "2"]);
    expect(issuer.fetches).toBe(2);
  });

  it("are fetched at most once in ten seconds for unknown keys, however many tokens name one", async () => {
    const { current, newer, wait, issuer } = setUp();
    await current();
    wait(MIN_SECONDS_BETWEEN_FETCHES);
    expect(await newer()).toBe("2");
    for (let i = 0; i < 1000; i += 1) expect(await newer()).toBeUndefined();
    expect(issuer.fetches).toBe(2);
    wait(MIN_SECONDS_BETWEEN_FETCHES);
    expect(await newer()).toBe("3");
  });

  it("stay good for an hour while the issuer is down, which is asked once a minute", async () => {
    const { current, wait, issuer } = setUp();
    await current();
    issuer.isDown = true;
    wait(REFRESH_SECONDS);
    expect([await current(), await current()]).toEqual(["1", "1"]);
    expect(issuer.fetches).toBe(2);
    wait(RETRY_SECONDS);
    expect(await current()).toBe("1");
    expect(issuer.fetches).toBe(3);
    wait(MAX_AGE_SECONDS);
    await expect(current()).rejects.toThrow("down");
    expect(logs).toContainEqual(
      expect.objectContaining({ message: "the issuer's signing keys cannot be had" }),
    );
  });

  it("are nobody's where they never could be had: each call fails, few of them fetch", async () => {
    const { current, wait, issuer } = setUp();
    issuer.isDown = true;
    await expect(current()).rejects.toThrow("down");
    for (let i = 0; i < 100; i += 1) await expect(current()).rejects.toThrow("just now");
    expect(issuer.fetches).toBe(1);
    issuer.isDown = false;
    wait(MIN_SECONDS_BETWEEN_FETCHES);
    expect(await current()).toBe("2");
  });

  it("say of an unknown key neither yes nor no while the issuer is down", async () => {
    const { current, newer, wait, issuer } = setUp();
    await current();
    issuer.isDown = true;
    wait(MIN_SECONDS_BETWEEN_FETCHES);
    await expect(newer()).rejects.toThrow("down");
    await expect(newer()).rejects.toThrow("just now");
    expect(await current()).toBe("1");
    expect(issuer.fetches).toBe(2);
  });
});
