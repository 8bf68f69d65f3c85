import { parseSubmittedStack } from "./submittedStack.ts";

jest.mock("execa", () => ({}));

function buildOutput(value: unknown) {
  return { value, secret: false };
}

describe("parseSubmittedStack", () => {
  it("fails before the first up and tells how to submit", () => {
    expect(() => parseSubmittedStack({}, "corpora")).toThrow(
      'stack "corpora" has submitted nothing yet; run ./mixcpt up corpora',
    );
    expect(() => parseSubmittedStack({ cells: buildOutput([]), shared: buildOutput([]) }, "corpora")).toThrow(
      "nothing yet",
    );
  });

  it("accepts a stack of corpora, which has no cells", () => {
    expect(
      parseSubmittedStack({ cells: buildOutput([]), shared: buildOutput(["data-mono-alt-11112222"]) }, "corpora"),
    ).toEqual({ cells: [], bases: [], shared: ["data-mono-alt-11112222"] });
  });
});
