import { configuredIssuer } from "../../../laptop/issuer/configured-issuer";

const issuerOf = (auth?: string) =>
  configuredIssuer({
    project: "orders",
    config: auth === undefined ? {} : { "orders:auth": auth },
  });

describe("the issuer in a program's config", () => {
  it.each([
    [{ issuer: "https://idp.example.com" }, "https://idp.example.com/.well-known/jwks.json"],
    [
      { issuer: "https://idp.example.com/", jwksUri: "", audience: "orders" },
      "https://idp.example.com/.well-known/jwks.json",
    ],
    [
      { issuer: "https://idp.example.com/", jwksUri: "https://idp.example.com/keys" },
      "https://idp.example.com/keys",
    ],
  ])("is taken as it is written: %j", (auth, jwksUri) => {
    expect(issuerOf(JSON.stringify(auth))).toEqual({ issuer: auth.issuer, jwksUri });
  });

  it.each([
    undefined,
    "",
    "https://idp.example.com",
    "{}",
    '{"issuer":""}',
    '{"issuer":7}',
    "null",
  ])("is none where the config has %j", (auth) => {
    expect(issuerOf(auth)).toBeUndefined();
  });
});
