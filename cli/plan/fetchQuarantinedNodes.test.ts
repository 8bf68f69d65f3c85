import { parseQuarantinedNodes } from "./fetchQuarantinedNodes.ts";

jest.mock("../kubernetes/kubectl.ts", () => ({}));

it("finds the nodes in quarantine among those that kubectl lists", () => {
  const taint = { key: "mixcpt.io/quarantine", value: "operator", effect: "NoSchedule" };
  const items = [
    { metadata: { name: "n9" }, spec: { taints: [{ key: "amd.com/gpu", effect: "NoSchedule" }, taint] } },
    { metadata: { name: "n7" }, spec: { taints: [taint] } },
    { metadata: { name: "n1" }, spec: { podCIDR: "10.244.1.0/24" } },
  ];
  expect(parseQuarantinedNodes(JSON.stringify({ items }))).toEqual(["n7", "n9"]);
  expect(parseQuarantinedNodes('{"kind":"Status"}')).toEqual([]);
});
