import { cellIdAnnotation, stackLabel } from "../../jobs/kube/objectLabels.ts";
import type { ApiObject } from "../kubernetes/apiObjects.ts";
import {
  buildChildJob,
  buildConditionedObject,
  buildJobObject,
  buildPodObject,
  buildSnapshot,
} from "../watch/watchedStack.fixture.ts";
import { deleteRuns, listFailedRuns, selectFailedRuns } from "./failedRuns.ts";
import type { FailedRun } from "./failedRuns.ts";

function addStackLabel<T extends ApiObject>(one: T, cell?: string): T {
  return {
    ...one,
    metadata: {
      ...one.metadata,
      labels: { ...one.metadata?.labels, [stackLabel]: "dev" },
      ...(cell !== undefined && { annotations: { [cellIdAnnotation]: cell } }),
    },
  };
}

const snapshotWithFailures = buildSnapshot({
  trainJobs: [
    addStackLabel(buildConditionedObject("t1", "Failed"), "Tiny-Mono-Alt"),
    addStackLabel(buildConditionedObject("t2"), "Tiny-Mono-Sel"),
  ],
  jobSets: [
    addStackLabel(buildConditionedObject("t1", "Failed"), "Tiny-Mono-Alt"),
    addStackLabel(buildConditionedObject("e1", "Failed"), "Tiny-Bi-Alt"),
    buildConditionedObject("foreign", "Failed"),
  ],
  jobs: [addStackLabel(buildChildJob("e1", "sib200")), addStackLabel(buildJobObject("data-1", "Failed"))],
  pods: [buildPodObject("t1", "node", "killed")],
  logs: new Map([["t1-node-0-0-killed", "out of memory"]]),
});
const failed = listFailedRuns(snapshotWithFailures, { stack: "dev", kubectl: "./mixcpt kubectl --namespace mixcpt" });

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
    expect(selectFailedRuns(failed, [])).toHaveLength(3);
    expect(selectFailedRuns(failed, ["Tiny-Bi-Alt"]).map(({ name }) => name)).toEqual(["e1"]);
  });

  it("is told where a cell that is named has not failed", () => {
    expect(() => selectFailedRuns(failed, ["Tiny-Mono-Sel"])).toThrow(
      "nothing of Tiny-Mono-Sel has failed; what has: Tiny-Mono-Alt, Tiny-Bi-Alt; retry without a name also submits what is missing",
    );
  });
});

function buildFailedRun(name: string, cell?: string) {
  return { kind: "job", name, cell } as FailedRun;
}

describe("failed runs that are taken off the cluster", () => {
  it("go each by itself: one that stays keeps no other from going, and is told with why", async () => {
    const gone: string[] = [];
    const remove = async ({ name }: FailedRun): Promise<void> => {
      if (name.startsWith("held")) throw new Error("is still being deleted");
      gone.push(name);
    };
    expect(
      await deleteRuns(
        [buildFailedRun("held-1", "Tiny-Mono-Alt"), buildFailedRun("a"), buildFailedRun("held-2"), buildFailedRun("b")],
        remove,
      ),
    ).toEqual(["  Tiny-Mono-Alt: is still being deleted", "  held-2: is still being deleted"]);
    expect(gone).toEqual(["a", "b"]);
  });
});
