import { buildCheck, buildResult } from "../../jobs/preflight/checkResults.fixture.ts";
import type { ApiClients } from "../kubernetes/apiClients.ts";
import { listMarkedNodes } from "../kubernetes/preflightClient.ts";
import { selectPresentNodes } from "./presentNodes.ts";

jest.mock("../kubernetes/preflightClient.ts", () => ({ listMarkedNodes: jest.fn() }));

it("leaves out a node that was removed during the tests, and keeps one that lost its devices", async () => {
  const results = [["a"], ["gone"], ["broken"], ["a", "gone"]].map((nodes) => buildResult(nodes, [buildCheck("gemm")]));
  jest
    .mocked(listMarkedNodes)
    .mockResolvedValue([{ metadata: { name: "a" } }, { metadata: { name: "broken" }, status: { capacity: {} } }]);
  const present = await selectPresentNodes({} as ApiClients, results);
  expect(present.map(({ nodes }) => nodes)).toEqual([["a"], ["broken"]]);
});
