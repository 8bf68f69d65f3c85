import { evaluationHashAnnotation } from "../../jobs/kube/objectLabels.ts";
import { fetchKubectlList } from "../kubernetes/kubectl.ts";
import { fetchScoreStatus } from "./fetchScoreStatus.ts";

jest.mock("../engine/clusterKubeconfig.ts", () => ({ updateKubeconfig: () => Promise.resolve() }));
jest.mock("../kubernetes/kubectl.ts", () => ({ fetchKubectlList: jest.fn() }));
jest.mock("../../workspace/toolchain.ts", () => ({ listKnownPrograms: () => ({}) }));

const checkpoint = "/store/runs/run-1/checkpoint-5500";

async function findStatus(cell: { run: string; evaluationHash: string; checkpoint: string }) {
  const items = [
    {
      metadata: { name: "scores-run-1", annotations: { [evaluationHashAnnotation]: "11112222" } },
      data: { "scores.json": JSON.stringify({ checkpoint }) },
    },
    { metadata: { name: "scores-run-2", annotations: { [evaluationHashAnnotation]: "11112222" } } },
    { metadata: { name: "scores-run-3" }, data: { "scores.json": "{" } },
    {
      metadata: { name: "scores-run-5", annotations: { [evaluationHashAnnotation]: "11112222" } },
      data: { "scores.json": JSON.stringify({ checkpoint, failures: [{ reason: "KeyError" }] }) },
    },
  ];
  jest.mocked(fetchKubectlList).mockResolvedValue({ json: JSON.stringify({ items }) });
  const { lookup } = await fetchScoreStatus("lumi");
  return lookup?.(cell);
}

describe("the status of published scores", () => {
  it.each([
    ["done", { run: "run-1", evaluationHash: "11112222", checkpoint }],
    ["outdated", { run: "run-1", evaluationHash: "33334444", checkpoint }],
    ["outdated", { run: "run-1", evaluationHash: "11112222", checkpoint: "/store/runs/run-1/checkpoint-8000" }],
    ["outdated", { run: "run-2", evaluationHash: "11112222", checkpoint }],
    ["outdated", { run: "run-3", evaluationHash: "11112222", checkpoint }],
    ["incomplete", { run: "run-5", evaluationHash: "11112222", checkpoint }],
    ["outdated", { run: "run-5", evaluationHash: "33334444", checkpoint }],
    [undefined, { run: "run-4", evaluationHash: "11112222", checkpoint }],
  ])("is %s for %j", async (status, cell) => {
    expect(await findStatus(cell)).toBe(status);
  });
});
