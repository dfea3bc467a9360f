import { evaluateProgram } from "../support/aws-mocks";

describe("a preview, where nothing is known that AWS computes", () => {
  it("registers every resource, exports every output, and warns of an open API alone", async () => {
    const { resources, unknown, warnings } = await evaluateProgram({ preview: true });
    const functions = resources.filter(({ type }) => type.startsWith("aws:lambda/function:"));
    expect(functions).toHaveLength(5);
    expect(resources.length).toBeGreaterThan(40);
    expect(unknown).toContain("queueUrl");
    expect(warnings).toEqual([expect.stringContaining("The API is open: ")]);
  });
});
