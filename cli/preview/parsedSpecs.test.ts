/** The work of a comparison: parsing specs took most of its time when it was repeated for every cell. */
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { compareSnapshots } from "./compareSnapshots.ts";
import type { PreviewSnapshot } from "./snapshotSchema.ts";
import { buildStacksSnapshot, familyValues } from "./snapshots.fixture.ts";

jest.mock("yaml", () => {
  const yaml = jest.requireActual<{ parse: (text: string) => unknown }>("yaml");
  return { ...yaml, parse: jest.fn(yaml.parse) };
});
const { parse } = jest.requireMock<{ parse: jest.Mock }>("yaml");

function buildStudySnapshot(images: typeof gpuCluster.images): PreviewSnapshot {
  const families = ["llama-2", "llama-3.1", "viking"].map(
    (family) => [family, { values: { ...familyValues, "mixcpt:family": family }, images }] as const,
  );
  const corpora = { values: { "mixcpt:kind": "corpora" }, images };
  return buildStacksSnapshot({ corpora, ...Object.fromEntries(families) });
}

it("parses the spec of each container at most once when all images of the study's 36 cells change", () => {
  const renamed = { data: "data:new", llamaFactory: "llama-factory:new", evaluate: "evaluate:new" };
  const [before, after] = [buildStudySnapshot(gpuCluster.images), buildStudySnapshot(renamed)];
  const comparison = compareSnapshots(before, after);
  const retrained = comparison.stacks.flatMap(({ changes }) => changes.filter(({ reason }) => reason === "retrained"));
  expect(retrained).toHaveLength(36);
  const specs = (JSON.stringify([before, after]).match(/"MIXCPT_SPEC"/g) ?? []).length;
  expect(parse.mock.calls.length).toBeLessThanOrEqual(specs);
});
