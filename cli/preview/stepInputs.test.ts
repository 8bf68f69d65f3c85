import { listSpecLeaves } from "./stepInputs.ts";

it("the inputs of a step leave out what follows from others, and how a cluster serves a model", () => {
  const serving = { maxNumSeqs: 256, enforceEager: false };
  const expected = [{ scores: "/store/scores/a", benchmark: "sib200", languages: ["zul_Latn"] }];
  expect(listSpecLeaves({ shots: 3, output: "/store/scores/a", serving, expected })).toEqual([["shots", "3"]]);
});
