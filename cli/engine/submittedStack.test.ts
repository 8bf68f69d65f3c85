import { parseSubmittedStack } from "./submittedStack.ts";

function buildOutput(value: unknown) {
  return { value, secret: false };
}

describe("what a stack has submitted", () => {
  it("is nothing before it was brought up, which is an error that says how", () => {
    expect(() => parseSubmittedStack({}, "corpora")).toThrow(
      'stack "corpora" has submitted nothing yet: ./mixcpt up corpora',
    );
    expect(() => parseSubmittedStack({ cells: buildOutput([]), shared: buildOutput([]) }, "corpora")).toThrow(
      "nothing yet",
    );
  });

  it("may be corpora alone, without a cell", () => {
    expect(
      parseSubmittedStack({ cells: buildOutput([]), shared: buildOutput(["data-mono-alt-11112222"]) }, "corpora"),
    ).toEqual({ cells: [], bases: [], shared: ["data-mono-alt-11112222"] });
  });
});
