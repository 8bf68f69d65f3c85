import { stackLabel } from "../../jobs/kube/objectLabels.ts";
import { buildProviderRecord, buildRunRecord } from "../engine/recordedRuns.fixture.ts";
import type { RecordedResource } from "../engine/recordedRuns.ts";
import { parseRecordedStack } from "../engine/recordedRuns.ts";
import { buildConditionedObject, buildPodObject, buildSnapshot } from "../kubernetes/apiObjects.fixture.ts";
import { listActiveRecordedRuns, listForeignRuns, listUnknownRuns, surveyStack } from "./stackSurvey.ts";

const onLab = buildProviderRecord("lab");
const recordedOnLab = [onLab, buildRunRecord("TrainJob", "t1", { on: onLab, cell: "Tiny-Mono-Alt" })];

function buildClusterWithTrainings(...names: string[]) {
  const snapshot = buildSnapshot({
    trainJobs: names.map((name) => ({
      ...buildConditionedObject(name),
      metadata: { name, labels: { [stackLabel]: "mini" } },
    })),
    pods: names.map((name) => buildPodObject(name, "node", "running")),
  });
  return { snapshot };
}

/** Surveys a state while each cluster has the given trainings; any other cluster cannot be read. */
function surveyClusters(state: readonly RecordedResource[], clusters: Record<string, string[]>, target?: string) {
  return surveyStack(parseRecordedStack(state), {
    readCluster: ({ name = "" }) => {
      const trainings = clusters[name];
      const unavailable = { unavailable: `no answer of ${name}` };
      return Promise.resolve(trainings === undefined ? unavailable : buildClusterWithTrainings(...trainings));
    },
    ...(target !== undefined && { target }),
  });
}

describe("the active runs of a stack", () => {
  it("are those on the cluster of the state, whatever cluster the stack's file names", async () => {
    const survey = await surveyClusters(recordedOnLab, { lab: ["t1"], site: [] }, "site");
    expect(listActiveRecordedRuns(survey)).toMatchObject([{ name: "t1", cell: "Tiny-Mono-Alt", cluster: "lab" }]);
    expect(listUnknownRuns(survey)).toEqual([]);
  });

  it("do not include those that another checkout submitted for a stack of the same name", async () => {
    const survey = await surveyClusters(recordedOnLab, { lab: ["t1", "theirs"] });
    expect(listActiveRecordedRuns(survey).map(({ name }) => name)).toEqual(["t1"]);
  });

  it("are unknown on a recorded cluster that cannot be read", async () => {
    const survey = await surveyClusters(recordedOnLab, { site: [] }, "site");
    expect(listActiveRecordedRuns(survey)).toEqual([]);
    expect(listUnknownRuns(survey)).toMatchObject([
      { cluster: "lab", reason: "no answer of lab", runs: [{ name: "t1" }] },
    ]);
  });
});

describe("the runs of others on the target", () => {
  const query = { stack: "mini", target: "lab", recognizesOwnObjects: true };

  it("are all of a stack of this name if the state is empty", async () => {
    const survey = await surveyClusters([], { lab: ["t1"] }, "lab");
    expect(listForeignRuns(survey, query)).toMatchObject([{ name: "t1" }]);
    expect(listForeignRuns(survey, { ...query, stack: "viking" })).toEqual([]);
  });

  it("are left to a plugin that recognizes what an interrupted up of this state made", async () => {
    const survey = await surveyClusters([onLab], { lab: ["t1"] }, "lab");
    expect(listForeignRuns(survey, query)).toEqual([]);
    expect(listForeignRuns(survey, { ...query, recognizesOwnObjects: false })).toMatchObject([{ name: "t1" }]);
  });

  it("do not include those that the state records", async () => {
    const survey = await surveyClusters(recordedOnLab, { lab: ["t1"] }, "lab");
    expect(listForeignRuns(survey, { ...query, recognizesOwnObjects: false })).toEqual([]);
  });
});
