import { awsError, explainAws, missingHere } from "../../operations/target/aws-errors";

const named = (name: string, fields: object = {}) =>
  Object.assign(new Error("text"), { name, ...fields });
const refused = named("AccessDeniedException", { $metadata: {} });

describe("an AWS call that failed", () => {
  it.each([
    ["CredentialsProviderError", /^there are no AWS credentials here: `aws configure sso`/],
    ["ExpiredTokenException", /^the AWS credentials have expired: /],
    ["UnrecognizedClientException", /^AWS does not know these credentials: /],
    ["SignatureDoesNotMatch", /^the secret key of the AWS credentials is wrong: /],
    ["TimeoutError", /^AWS does not answer in time: is there a network/],
  ])("for something that this machine lacks says how to get it: %s", (name, sentence) => {
    expect(missingHere(named(name))).toMatch(sentence);
    expect(awsError(named(name))).toMatch(sentence);
    expect(explainAws(named(name))).toMatch(sentence);
  });

  it.each(["ENOTFOUND", "ECONNREFUSED", "EAI_AGAIN"])("for the network: %s", (code) => {
    expect(missingHere(named("Error", { code }))).toMatch(`AWS does not answer (${code})`);
  });

  it("for what AWS refuses has AWS's words", () => {
    expect(missingHere(refused)).toBeUndefined();
    expect(awsError(refused)).toBe("AccessDeniedException: text");
    expect(explainAws(refused)).toBe("AccessDeniedException: text");
  });

  it("for anything else has its own", () => {
    expect(awsError(new Error("a sentence"))).toBe("a sentence");
    expect(explainAws(new TypeError("a fault"))).toContain("aws-errors.test.ts");
  });
});
