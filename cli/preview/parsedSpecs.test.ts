/** The work of a comparison: parsing specs took most of its time when it was repeated for every cell. */
import { gpuCluster, upgradeTransformers } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { compareSnapshots } from "./compareSnapshots.ts";
import type { PreviewSnapshot } from "./snapshotSchema.ts";
import { buildStacksSnapshot, familyValues } from "./snapshots.fixture.ts";

jest.mock("yaml", () => {
  const yaml = jest.requireActual<{ parse: (text: string) => unknown }>("yaml");
  return { ...yaml, parse: jest.fn(yaml.parse) };
});
const { parse } = jest.requireMock<{ parse: jest.Mock }>("yaml");

function buildStudySnapshot(code = gpuCluster.code): PreviewSnapshot {
  const cluster = { code };
  const families = ["llama-2", "llama-3.1", "viking"].map(
    (family) => [family, { values: { ...familyValues, "mixcpt:family": family }, cluster }] as const,
  );
  const corpora = { values: { "mixcpt:kind": "corpora" }, cluster };
  return buildStacksSnapshot({ corpora, ...Object.fromEntries(families) });
}

it("parses the spec of each container at most once when the code of the study's 36 cells changes", () => {
  const [before, after] = [buildStudySnapshot(), buildStudySnapshot(upgradeTransformers("train", "evaluate"))];
  const comparison = compareSnapshots(before, after);
  const retrained = comparison.stacks.flatMap(({ changes }) => changes.filter(({ reason }) => reason === "retrained"));
  expect(retrained).toHaveLength(36);
  const specs = (JSON.stringify([before, after]).match(/"MIXCPT_SPEC"/g) ?? []).length;
  expect(parse.mock.calls.length).toBeLessThanOrEqual(specs);
});
