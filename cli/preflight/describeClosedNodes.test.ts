import { describeClosedNodes } from "./describeClosedNodes.ts";

it("names the nodes that wait for preflight by cause, each with the command that tests them", () => {
  const lines = describeClosedNodes("lumi", [
    { name: "a", state: "untested" },
    { name: "b", state: "failed" },
    { name: "c", state: "untested" },
    { name: "d", state: "changed" },
  ]);
  expect(lines).toEqual([
    "no training or evaluation before preflight passes on a, c: not tested yet; test: ./mixcpt preflight lumi --nodes a,c",
    "no training or evaluation before preflight passes on b: failed (./mixcpt doctor says what); " +
      "once repaired: ./mixcpt preflight lumi --nodes b",
    "no training or evaluation before preflight passes on d: another machine or other devices since they passed; " +
      "test: ./mixcpt preflight lumi --nodes d",
  ]);
  expect(describeClosedNodes("lumi", [])).toEqual([]);
});

it("stays readable where a hundred nodes are new", () => {
  const nodes = Array.from({ length: 100 }, (_, number) => ({
    name: `n${String(number)}`,
    state: "untested" as const,
  }));
  expect(describeClosedNodes("lumi", nodes)).toEqual([
    "no training or evaluation before preflight passes on n0, n1, n2, n3, n4, n5, n6, n7 and 92 more: not tested yet; " +
      "test: ./mixcpt preflight lumi",
  ]);
});
