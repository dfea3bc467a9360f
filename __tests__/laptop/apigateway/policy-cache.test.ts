import { makePolicyCache } from "../../../laptop/apigateway/policy-cache";

const policyOf = (principalId: string) => ({ statements: [], context: { principalId } });

describe("a stage's policies of callers", () => {
  it("are kept for each authorizer and token, until their time is over", () => {
    let now = 0;
    const cache = makePolicyCache(() => now);
    cache.put("one", "t", policyOf("ann"), 10);
    cache.put("two", "t", policyOf("bob"), 20);
    expect(cache.get("one", "t")).toEqual(policyOf("ann"));
    expect(cache.get("two", "t")).toEqual(policyOf("bob"));
    expect(cache.get("one", "u")).toBeUndefined();
    now = 10_000;
    expect(cache.get("one", "t")).toBeUndefined();
    expect(cache.get("two", "t")).toEqual(policyOf("bob"));
  });

  it("are counted anew when they are put again", () => {
    let now = 0;
    const cache = makePolicyCache(() => now);
    cache.put("one", "t", policyOf("ann"), 10);
    now = 10_000;
    cache.put("one", "t", policyOf("bob"), 10);
    now = 19_999;
    expect(cache.get("one", "t")).toEqual(policyOf("bob"));
  });

  it("are not kept for 0 seconds", () => {
    const cache = makePolicyCache(() => 0);
    cache.put("one", "t", policyOf("ann"), 0);
    expect(cache.get("one", "t")).toBeUndefined();
  });
});
