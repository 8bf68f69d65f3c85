import { selectStacks, splitRetryWords } from "./stackArgument.ts";

describe("the stacks of a command", () => {
  it("are each named once, with corpora before the families that wait for them", () => {
    expect(selectStacks("up", ["viking", "llama-2", "corpora", "viking"], {})).toEqual([
      "corpora",
      "viking",
      "llama-2",
    ]);
  });

  it("are the study's with --all, without the miniatures of the demo and the tests", () => {
    expect(selectStacks("up", [], { all: true })).toEqual(["corpora", "llama-2", "llama-3.1", "viking"]);
  });

  it("must be named or selected, and not both", () => {
    expect(() => selectStacks("up", [], {})).toThrow(
      "up: no stack was named; name some of corpora, dev, llama-2, llama-3.1, viking, or use --all",
    );
    expect(() => selectStacks("up", ["dev"], { all: true })).toThrow("--all: cannot be combined with the stacks dev");
  });
});

describe("the words of retry", () => {
  it("are stacks, or one stack and its cells", () => {
    expect(splitRetryWords(["viking", "llama-2"])).toEqual({ stacks: ["viking", "llama-2"], cells: [] });
    expect(splitRetryWords(["viking", "V7-Bi-Sel"])).toEqual({ stacks: ["viking"], cells: ["V7-Bi-Sel"] });
    expect(splitRetryWords([])).toEqual({ stacks: [], cells: [] });
  });

  it("cannot name cells of several stacks, or of an unknown one", () => {
    expect(() => splitRetryWords(["viking", "llama-2", "V7-Bi-Sel"])).toThrow(/^retry: V7-Bi-Sel after the stacks/);
    expect(() => splitRetryWords(["vikng", "V7-Bi-Sel"])).toThrow(/^stack "vikng" is unknown; known: corpora, dev,/);
  });
});
