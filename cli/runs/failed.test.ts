import { cellIdAnnotation, stackLabel } from "../../jobs/kube/labels.ts";
import { childJob, job, object, pod, snapshot } from "../watch/cluster.fixture.ts";
import type { ApiObject } from "../watch/snapshot.ts";
import { chosen, failedRuns } from "./failed.ts";

const labelled = <T extends ApiObject>(one: T, cell?: string): T => ({
  ...one,
  metadata: { ...one.metadata, labels: { ...one.metadata?.labels, [stackLabel]: "dev" }, ...(cell !== undefined && { annotations: { [cellIdAnnotation]: cell } }) },
});

const at = snapshot({
  trainJobs: [labelled(object("t1", "Failed"), "Tiny-Mono-Alt"), labelled(object("t2"), "Tiny-Mono-Sel")],
  jobSets: [labelled(object("t1", "Failed"), "Tiny-Mono-Alt"), labelled(object("e1", "Failed"), "Tiny-Bi-Alt"), object("foreign", "Failed")],
  jobs: [labelled(childJob("e1", "sib200")), labelled(job("data-1", "Failed"))],
  pods: [pod("t1", "node", "killed")],
  logs: new Map([["t1-node-0-0-killed", "out of memory"]]),
});
const failed = failedRuns(at, { stack: "dev", kubectl: "./mixcpt kubectl --namespace mixcpt" });

describe("what has failed for good", () => {
  it("is what the stack submitted, not what controllers made of it, and nothing of other stacks", () => {
    expect(failed.map(({ kind, name, cell }) => [kind, name, cell])).toEqual([
      ["trainjob", "t1", "Tiny-Mono-Alt"],
      ["jobset", "e1", "Tiny-Bi-Alt"],
      ["job", "data-1", undefined],
    ]);
  });

  it("comes with why", () => {
    expect(failed[0]?.failure).toMatchObject({ step: "train", exitCode: 137, lastLine: "out of memory" });
  });

  it("is taken up again whole, or for the cells that are named", () => {
    expect(chosen(failed, [])).toHaveLength(3);
    expect(chosen(failed, ["Tiny-Bi-Alt"]).map(({ name }) => name)).toEqual(["e1"]);
  });

  it("is told where a cell that is named has not failed", () => {
    expect(() => chosen(failed, ["Tiny-Mono-Sel"])).toThrow("nothing of Tiny-Mono-Sel has failed; what has: Tiny-Mono-Alt, Tiny-Bi-Alt; retry without a name also submits what is missing");
  });
});
