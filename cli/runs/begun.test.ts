import { cellIdAnnotation, stackLabel } from "../../jobs/kube/labels.ts";
import { buildConditionedObject, buildPodObject, buildSnapshot } from "../watch/cluster.fixture.ts";
import type { ConditionedObject } from "../watch/snapshot.ts";
import { listActiveTrainings } from "./begun.ts";

const buildTraining = (name: string, ...conditions: string[]): ConditionedObject => ({
  ...buildConditionedObject(name, ...conditions),
  metadata: { name, labels: { [stackLabel]: "dev" }, annotations: { [cellIdAnnotation]: `Cell ${name}` } },
});

describe("a training that has begun", () => {
  it("runs on a node; those that are queued, done or of another stack have nothing to lose here", () => {
    const at = buildSnapshot({
      trainJobs: [buildTraining("runs"), buildTraining("waits"), buildTraining("done", "Complete"), { ...buildTraining("foreign"), metadata: { name: "foreign", labels: { [stackLabel]: "viking" } } }],
      pods: [buildPodObject("runs", "node", "running"), buildPodObject("waits", "node", "queued"), buildPodObject("waits", "await-corpus", "running"), buildPodObject("foreign", "node", "running")],
    });
    expect(listActiveTrainings(at, "dev")).toEqual([{ name: "runs", cell: "Cell runs" }]);
  });

  it("has begun, too, where it waits for the nodes that were taken from it", () => {
    const restarted: ConditionedObject = { ...buildConditionedObject("preempted"), status: { restarts: 1 } };
    const at = buildSnapshot({ trainJobs: [buildTraining("preempted")], jobSets: [restarted], pods: [buildPodObject("preempted", "node", "queued")] });
    expect(listActiveTrainings(at, "dev")).toHaveLength(1);
  });
});
