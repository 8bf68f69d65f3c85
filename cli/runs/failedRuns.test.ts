import { cellIdAnnotation, stackLabel } from "../../jobs/kube/objectLabels.ts";
import type { ApiObject } from "../kubernetes/apiObjects.ts";
import {
  buildChildJob,
  buildConditionedObject,
  buildJobObject,
  buildPodObject,
  buildSnapshot,
} from "../kubernetes/apiObjects.fixture.ts";
import { deleteRuns, listFailedRuns, partitionFailedRuns, selectFailedRuns } from "./failedRuns.ts";
import type { FailedRun } from "./failedRuns.ts";

function addStackLabel<T extends ApiObject>(object: T, cell?: string): T {
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...object.metadata?.labels, [stackLabel]: "dev" },
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
const failedRuns = listFailedRuns("dev", {
  snapshot: snapshotWithFailures,
  kubectlPrefix: "./mixcpt kubectl --namespace mixcpt",
});

describe("the failed runs of a stack", () => {
  it("are objects that the stack submitted, not those that controllers made, nor those of other stacks", () => {
    expect(failedRuns.map(({ kind, name, cell }) => [kind, name, cell])).toEqual([
      ["trainjob", "t1", "Tiny-Mono-Alt"],
      ["jobset", "e1", "Tiny-Bi-Alt"],
      ["job", "data-1", undefined],
    ]);
  });

  it("include the reason", () => {
    expect(failedRuns[0]?.failure).toMatchObject({ step: "train", exitCode: 137, lastLine: "out of memory" });
  });

  it("are this checkout's only if the state records them", () => {
    const { own, foreign } = partitionFailedRuns(failedRuns, [
      { kind: "trainjob", name: "t1" },
      { kind: "jobset", name: "data-1" },
    ]);
    expect([own, foreign].map((runs) => runs.map(({ name }) => name))).toEqual([["t1"], ["e1", "data-1"]]);
  });

  it("are all selected, or those of the named cells", () => {
    expect(selectFailedRuns(failedRuns, [])).toHaveLength(3);
    expect(selectFailedRuns(failedRuns, ["Tiny-Bi-Alt"]).map(({ name }) => name)).toEqual(["e1"]);
  });

  it("are listed in the error if a named cell has not failed", () => {
    expect(() => selectFailedRuns(failedRuns, ["Tiny-Mono-Sel"])).toThrow(
      "no failed run of Tiny-Mono-Sel; failed cells: Tiny-Mono-Alt, Tiny-Bi-Alt; " +
        "retry without cell names also submits what is missing",
    );
  });
});

function buildFailedRun(name: string, cell?: string) {
  return { kind: "job", name, cell } as FailedRun;
}

describe("deleting failed runs", () => {
  it("continues if a run cannot be deleted, and returns the reason", async () => {
    const deletedNames: string[] = [];
    const deleteOne = async ({ name }: FailedRun): Promise<void> => {
      if (name.startsWith("stuck")) throw new Error("is still being deleted");
      deletedNames.push(name);
    };
    expect(
      await deleteRuns(
        [
          buildFailedRun("stuck-1", "Tiny-Mono-Alt"),
          buildFailedRun("a"),
          buildFailedRun("stuck-2"),
          buildFailedRun("b"),
        ],
        deleteOne,
      ),
    ).toEqual(["  Tiny-Mono-Alt: is still being deleted", "  stuck-2: is still being deleted"]);
    expect(deletedNames).toEqual(["a", "b"]);
  });
});
