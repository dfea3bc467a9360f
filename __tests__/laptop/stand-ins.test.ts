import type { StackEvent } from "../../laptop/events";
import { makeIssuer } from "../../laptop/issuer/issuer";
import { standInsOf } from "../../laptop/stand-ins";

const ISSUER = "https://idp.example.com/tenant/";
const KEYS = "https://idp.example.com/keys";
const LOCAL = "http://127.0.0.1:3000/_laptop/issuer";
const OTHER = "http://127.0.0.1:4000";

function standIns(given: Record<string, string>, jwksUri = KEYS) {
  const events: StackEvent[] = [];
  const issuer = makeIssuer({ issuer: ISSUER, jwksUri });
  const all = standInsOf(issuer, "http://127.0.0.1:3000", given, (event) => events.push(event));
  return { all, events };
}

const own = { [ISSUER]: LOCAL, [KEYS]: `${LOCAL}/.well-known/jwks.json` };
const announced = [{ kind: "issuer", issuer: ISSUER }];

describe("what functions fetch from this machine", () => {
  it("is what the configured issuer would answer", () => {
    expect(standIns({})).toEqual({ all: own, events: announced });
  });

  it("is what is given where there is no issuer", () => {
    const given = { "https://a.example.com": OTHER };
    expect(standInsOf(undefined, "", given, fail)).toEqual(given);
  });

  it.each([
    ["something else", { "https://a.example.com": OTHER }, own, announced],
    ["the issuer", { [ISSUER]: OTHER }, { [KEYS]: own[KEYS] }, []],
    ["the issuer without its slash", { [ISSUER.slice(0, -1)]: OTHER }, { [KEYS]: own[KEYS] }, []],
    ["its keys", { [KEYS]: OTHER }, { [ISSUER]: LOCAL }, announced],
    ["all of its host", { "https://idp.example.com": OTHER }, {}, []],
    ["a host that begins alike", { "https://idp.example.co": OTHER }, own, announced],
  ])("is what is given for %s", (_name, given, rest, events) => {
    expect(standIns(given)).toEqual({ all: { ...rest, ...given }, events });
  });
});

function fail(): void {
  throw new Error("nothing stands in here");
}
