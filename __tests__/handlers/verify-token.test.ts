import { JwtVerifier } from "aws-jwt-verify/jwt-verifier";
import { makeVerifyToken, type Verified } from "../../handlers/verify-token";
import { AUTH, type HostileToken, hostileTokens, makeHostileKeys } from "../support/hostile-tokens";
import { by, token } from "../support/signed-tokens";

const { issuer, audience } = AUTH;
const keys = makeHostileKeys();
const jwks = { keys: keys.published as { kty: string }[] };
const verifyToken = makeVerifyToken({
  issuer,
  audience,
  keys: {
    current: () => Promise.resolve(jwks),
    newer: () => Promise.resolve(undefined),
  },
});

function tokenIn({ headers }: HostileToken): string | undefined {
  const [first, ...others] = headers;
  return others.length === 0 ? /^Bearer (.*)$/s.exec(first?.[1] ?? "")?.[1] : undefined;
}

/** aws-jwt-verify as it comes. */
function passesLibrary(given: string): boolean {
  const verifier = JwtVerifier.create({ issuer, audience, jwksUri: issuer });
  verifier.cacheJwks(jwks);
  try {
    verifier.verifySync(given);
    return true;
  } catch {
    return false;
  }
}

const HOSTILE = hostileTokens(keys, "http://elsewhere.test").flatMap((each) => {
  const given = tokenIn(each);
  return given === undefined ? [] : [{ ...each, given }];
});

async function whyOf(given: string): Promise<string | undefined> {
  const verified = await verifyToken(given);
  return verified.ok ? undefined : verified.why;
}

describe("verifyToken", () => {
  it("refuses what the library lets through as it comes, and the table has these marked", async () => {
    const traps: string[] = [];
    for (const { name, given } of HOSTILE) {
      const { ok } = await verifyToken(given);
      if (!ok && passesLibrary(given)) traps.push(name);
    }
    const marked = HOSTILE.filter(({ passesLibrary: isMarked }) => isMarked);
    expect(traps).toEqual(marked.map(({ name }) => name));
    expect(traps.length).toBeGreaterThan(10);
  });

  it("says why, without a word of the token's own", async () => {
    const whys = new Set<string | undefined>();
    for (const { given, status } of HOSTILE) if (status === 401) whys.add(await whyOf(given));
    expect([...whys].sort()).toEqual([
      "algorithm",
      "audience",
      "critical header",
      "encoding",
      "expired",
      "expiry",
      "form",
      "issuer",
      "key or header",
      "length",
      "not yet valid",
      "signature",
      "type",
      "unknown key",
      "weak algorithm or key",
    ]);
  });

  it("gives the claims, and when the token expires", async () => {
    const exp = Math.floor(Date.now() / 1000) + 60;
    const payload = { iss: issuer, aud: audience, exp, customer: "alice" };
    const verified: Verified = await verifyToken(
      token({ alg: "RS256", kid: "rsa" }, payload, by(keys.rsa)),
    );
    expect(verified).toEqual({ ok: true, claims: payload, expires: exp });
  });

  it("looks for newer keys once, where the token's key is unknown", async () => {
    const [known, newer] = [{ keys: jwks.keys.slice(1) }, jwks];
    const current = jest.fn(() => Promise.resolve(known));
    const fetchNewer = jest.fn(() => Promise.resolve(newer));
    const verify = makeVerifyToken({ issuer, audience, keys: { current, newer: fetchNewer } });
    const [rotated] = HOSTILE.filter(({ name }) => name === "as it should be");
    expect(await verify(rotated?.given ?? "")).toMatchObject({ ok: true });
    expect([current, fetchNewer].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  });

  it("fails where the keys cannot be had: that says nothing of the token", async () => {
    const down = () => Promise.reject(new Error("down"));
    const verify = makeVerifyToken({ issuer, audience, keys: { current: down, newer: down } });
    await expect(verify(HOSTILE[0]?.given ?? "")).rejects.toThrow("down");
  });
});
