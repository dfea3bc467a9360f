import { defaulted, number, object, optional, string, type } from "superstruct";
import { defineProvider, labelOf } from "../../../laptop/program/provider";

const provider = defineProvider({
  emulated: type({
    size: defaulted(number(), 3),
    target: optional(object({ name: string() })),
  }),
  withoutEffect: ["description"],
  refused: { encrypted: "there is no key" },
  create: (name, { size, target }) => ({ id: name, outputs: { size, target } }),
});

function create(inputs: Record<string, unknown>) {
  const warnings: string[] = [];
  const registration = { type: "aws:toy/smallBox:SmallBox", name: "x", custom: true, inputs };
  const created = provider.create(registration, (text) => void warnings.push(text));
  return { created, warnings };
}

describe("a provider", () => {
  it("creates a resource from the inputs that it emulates, with their defaults", () => {
    expect(create({ target: { name: "orders" } })).toEqual({
      created: { id: "x", outputs: { size: 3, target: { name: "orders" } } },
      warnings: [],
    });
  });

  it("accepts the inputs that have no effect, and those that were left out", () => {
    const inputs = { description: "a box", tags: { team: "a" }, unknown: undefined };
    expect(create(inputs).warnings).toEqual([]);
  });

  it("warns by name of an input that it does not know", () => {
    expect(create({ lid: true }).warnings).toEqual([
      'small box "x": lid has no effect on the laptop',
    ]);
  });

  it("stops at an input that it refuses, with the reason", () => {
    expect(() => create({ encrypted: true })).toThrow(
      'small box "x": encrypted is not emulated: there is no key',
    );
  });

  it("stops at an unknown part of an input", () => {
    expect(() => create({ target: { name: "orders", port: 1 } })).toThrow(
      'small box "x": target.port is not emulated',
    );
  });

  it("stops at an input of another shape", () => {
    expect(() => create({ size: "large" })).toThrow('small box "x": size is not as the laptop');
  });
});

describe("labelOf", () => {
  it("gives the words of a type", () => {
    expect(labelOf("aws:lambda/eventSourceMapping:EventSourceMapping")).toBe(
      "event source mapping",
    );
    expect(labelOf("aws:apigateway/restApi:RestApi")).toBe("rest api");
  });
});
