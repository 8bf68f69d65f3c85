import { cellIdAnnotation, stackLabel } from "../../jobs/kube/labels.ts";
import { object, pod, snapshot } from "../watch/cluster.fixture.ts";
import type { Conditioned } from "../watch/snapshot.ts";
import { begunTrainings } from "./begun.ts";

const training = (name: string, ...conditions: string[]): Conditioned => ({
  ...object(name, ...conditions),
  metadata: { name, labels: { [stackLabel]: "dev" }, annotations: { [cellIdAnnotation]: `Cell ${name}` } },
});

describe("a training that has begun", () => {
  it("runs on a node; those that are queued, done or of another stack have nothing to lose here", () => {
    const at = snapshot({
      trainJobs: [training("runs"), training("waits"), training("done", "Complete"), { ...training("foreign"), metadata: { name: "foreign", labels: { [stackLabel]: "viking" } } }],
      pods: [pod("runs", "node", "running"), pod("waits", "node", "queued"), pod("waits", "await-corpus", "running"), pod("foreign", "node", "running")],
    });
    expect(begunTrainings(at, "dev")).toEqual([{ name: "runs", cell: "Cell runs" }]);
  });

  it("has begun, too, where it waits for the nodes that were taken from it", () => {
    const restarted: Conditioned = { ...object("preempted"), status: { restarts: 1 } };
    const at = snapshot({ trainJobs: [training("preempted")], jobSets: [restarted], pods: [pod("preempted", "node", "queued")] });
    expect(begunTrainings(at, "dev")).toHaveLength(1);
  });
});
