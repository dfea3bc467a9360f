import { makeTokenBucket } from "../../../laptop/apigateway/token-bucket";

describe("the throttle", () => {
  it("lets a burst through, then what the rate allows, and never saves up more than a burst", () => {
    let now = 0;
    const bucket = makeTokenBucket({ rate: 2, burst: 3 }, () => now);
    const taken = (tries: number) =>
      Array.from({ length: tries }, () => bucket.take()).filter(Boolean);
    expect(taken(5)).toHaveLength(3);
    now = 499;
    expect(taken(2)).toHaveLength(0);
    now = 1500;
    expect(taken(9)).toHaveLength(3);
    now = 60_000;
    expect(taken(9)).toHaveLength(3);
  });
});
