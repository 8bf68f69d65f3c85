import { submittedIn } from "./experiments.ts";

const output = (value: unknown) => ({ value, secret: false });

describe("what a stack has submitted", () => {
  it("is nothing before it was brought up, which is an error that says how", () => {
    expect(() => submittedIn({}, "corpora")).toThrow('stack "corpora" has submitted nothing yet: ./mixcpt up corpora');
    expect(() => submittedIn({ cells: output([]), shared: output([]) }, "corpora")).toThrow("nothing yet");
  });

  it("may be corpora alone, without a cell", () => {
    expect(submittedIn({ cells: output([]), shared: output(["data-mono-alt-11112222"]) }, "corpora")).toEqual({ cells: [], bases: [], shared: ["data-mono-alt-11112222"] });
  });
});
