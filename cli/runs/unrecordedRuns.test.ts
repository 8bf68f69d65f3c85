import { stackLabel } from "../../jobs/kube/objectLabels.ts";
import { buildProviderRecord, buildRunRecord } from "../engine/recordedRuns.fixture.ts";
import { parseRecordedRuns } from "../engine/recordedRuns.ts";
import { buildConditionedObject, buildSnapshot } from "../kubernetes/apiObjects.fixture.ts";
import type { ClusterReading } from "./clusterReading.ts";
import { refuseUnrecordedRuns } from "./unrecordedRuns.ts";

const onLab = buildProviderRecord("lab");
const interrupted = parseRecordedRuns([onLab, buildRunRecord("TrainJob", "t1", { on: onLab })]);

function buildTraining(name: string, stack: string) {
  return { ...buildConditionedObject(name), metadata: { name, labels: { [stackLabel]: stack } } };
}

/** A destroy of `mini` after an `up` that was killed while it created the training t1. */
async function destroyWhile(reading: ClusterReading): Promise<string[]> {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  await refuseUnrecordedRuns(interrupted, { stack: "mini", readCluster: () => Promise.resolve(reading), print });
  return lines;
}

describe("a destroy after a killed up", () => {
  it("is refused while a run exists that the up did not record, with the command that records it", async () => {
    const snapshot = buildSnapshot({ trainJobs: [buildTraining("t1", "mini"), buildTraining("t2", "mini")] });
    await expect(destroyWhile({ snapshot })).rejects.toThrow(
      /would leave 1 run .*\n.*training t1 on cluster "lab"\n.*\n.*run \.\/mixcpt up mini, which records them/,
    );
  });

  it("says how to delete a run that the next up would not record, as its cell has left the stack's file", async () => {
    const snapshot = buildSnapshot({ trainJobs: [buildTraining("t1", "mini")] });
    await expect(destroyWhile({ snapshot })).rejects.toThrow(
      /if up does not submit them any more.*\n {4}\.\/mixcpt kubectl --cluster lab --namespace \S+ delete trainjob\/t1$/,
    );
  });

  it("goes ahead if the up did not come to create it, and if another stack has a run of that name", async () => {
    const others = buildSnapshot({ trainJobs: [buildTraining("t1", "other"), buildTraining("t2", "mini")] });
    expect(await destroyWhile({ snapshot: others })).toEqual([]);
  });

  it("says on a cluster that cannot be read that a run may be left", async () => {
    expect(await destroyWhile({ unavailable: "no answer of lab" })).toEqual([
      "an interrupted up may have left 1 run unrecorded: no answer of lab",
    ]);
  });
});
