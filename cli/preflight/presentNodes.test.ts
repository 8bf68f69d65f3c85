import { buildCheck, buildResult } from "../../jobs/preflight/checkResults.fixture.ts";
import type { ApiClients } from "../kubernetes/apiClients.ts";
import { fetchCreationTimes } from "../kubernetes/preflightClient.ts";
import { selectPresentNodes } from "./presentNodes.ts";

jest.mock("../kubernetes/preflightClient.ts", () => ({ fetchCreationTimes: jest.fn() }));

it("leaves out nodes that were removed, or removed and made again, after their test", async () => {
  const results = [["a"], ["gone"], ["again"], ["a", "again"]].map((nodes) =>
    buildResult(nodes, [buildCheck("gemm")], { time: "2026-11-29T12:00:00.000Z" }),
  );
  const times = { a: "2026-11-01T00:00:00Z", again: "2026-11-29T12:10:00Z" };
  jest
    .mocked(fetchCreationTimes)
    .mockResolvedValue(new Map(Object.entries(times).map(([name, time]) => [name, new Date(time)])));
  const present = await selectPresentNodes({} as ApiClients, results);
  expect(present.map(({ nodes }) => nodes)).toEqual([["a"]]);
});
