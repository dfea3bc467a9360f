describe("a preview, where nothing is known that AWS computes", () => {
  it("registers every resource, exports every output, and warns of an open API alone", async () => {
    const warn = jest.spyOn(console, "warn").mockImplementation(() => undefined);
    const pulumi = await import("@pulumi/pulumi");
    const names: string[] = [];
    pulumi.runtime.setAllConfig({ "aws:region": "eu-west-1" });
    await pulumi.runtime.setMocks(
      {
        newResource({ type, name, inputs }) {
          names.push(`${type} ${name}`);
          return { id: "", state: inputs as Record<string, unknown> };
        },
        call: ({ token }) => {
          throw new Error(`the program looks ${token} up`);
        },
      },
      "order-processing",
      "dev",
      true,
    );
    const exported = (await import("../../index")) as Record<string, unknown>;
    await pulumi.runtime.disconnect();

    expect(names.filter((name) => name.startsWith("aws:lambda/function:"))).toHaveLength(5);
    expect(names.length).toBeGreaterThan(40);
    const url = pulumi.output(exported["queueUrl"]) as unknown as { isKnown: Promise<boolean> };
    expect(await url.isKnown).toBe(false);
    expect(warn.mock.calls).toEqual([[expect.stringContaining("The API is open: ")]]);
  });
});
