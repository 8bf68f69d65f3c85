/** The work of a comparison: parsing specs took most of its time when it was repeated for every cell. */
import { gpuCluster, upgradeTransformers } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { compareSnapshots } from "./compareSnapshots.ts";
import { buildDeclaredSnapshot } from "./declaredSnapshot.fixture.ts";
import type { PreviewSnapshot } from "./snapshotSchema.ts";

jest.mock("yaml", () => {
  const yaml = jest.requireActual<{ parse: (text: string) => unknown }>("yaml");
  return { ...yaml, parse: jest.fn(yaml.parse) };
});
const { parse } = jest.requireMock<{ parse: jest.Mock }>("yaml");

function buildStudySnapshot(code = gpuCluster.code): PreviewSnapshot {
  const corpora = { "mixcpt:kind": "corpora" };
  const family = (name: string) => ({
    "mixcpt:family": name,
    "mixcpt:protocol": "uniform",
    "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 8 },
  });
  const stacks = { corpora, "llama-2": family("llama-2"), "llama-3.1": family("llama-3.1"), viking: family("viking") };
  return buildDeclaredSnapshot(stacks, { ...gpuCluster, code });
}

it("parses the spec of each container at most once when the code of the study's 36 cells changes", () => {
  const [before, after] = [buildStudySnapshot(), buildStudySnapshot(upgradeTransformers("train", "evaluate"))];
  const comparison = compareSnapshots(before, after);
  const retrained = comparison.stacks.flatMap(({ changes }) => changes.filter(({ reason }) => reason === "retrained"));
  expect(retrained).toHaveLength(36);
  const specs = (JSON.stringify([before, after]).match(/"MIXCPT_SPEC"/g) ?? []).length;
  expect(parse.mock.calls.length).toBeLessThanOrEqual(specs);
});
