import { parseArguments } from "../../examples/proof/arguments";
import { parseArguments as parseShopArguments } from "../../examples/shop-server/arguments";

describe("npm run example", () => {
  it("takes how many orders, and a seed", () => {
    expect(parseArguments([])).toEqual({ orders: 100, seed: 1, help: false });
    const args = ["--orders", "500", "--seed", "2"];
    expect(parseArguments(args)).toEqual({ orders: 500, seed: 2, help: false });
  });

  it("refuses what is no number", () => {
    expect(() => parseArguments(["--orders", "many"])).toThrow(
      "--orders takes a whole number, not many",
    );
  });
});

describe("npm run example:shop", () => {
  it("takes a port, a rate of faults, a seed and a stock", () => {
    const calm = { port: 0, faultRate: 0, seed: 1, stock: 1_000_000, help: false };
    expect(parseShopArguments([])).toEqual(calm);
    const args = ["--port", "4000", "--fault-rate", "0.2", "--seed", "3", "--stock", "9", "--help"];
    expect(parseShopArguments(args)).toEqual({
      port: 4000,
      faultRate: 0.2,
      seed: 3,
      stock: 9,
      help: true,
    });
  });

  it("refuses a rate that is no probability, and a port that is none", () => {
    const sentence = "--fault-rate takes a probability from 0 to 1, not often";
    expect(() => parseShopArguments(["--fault-rate", "often"])).toThrow(sentence);
    expect(() => parseShopArguments(["--port", "70000"])).toThrow(
      "--port takes a number from 0 to 65535, not 70000",
    );
  });
});
