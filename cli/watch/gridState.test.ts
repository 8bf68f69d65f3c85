import {
  buildChildJob,
  buildConditionedObject,
  buildJobObject,
  buildPodObject,
  snapshotTime,
} from "../kubernetes/apiObjects.fixture.ts";
import type { ClusterSnapshot, ConditionedObject } from "../kubernetes/apiObjects.ts";
import { computeGridState, determineOutcome } from "./gridState.ts";
import { buildCellsStack, buildContext, watchedBase, watchedCells, watchedDevStack } from "./watchedStack.fixture.ts";
import type { WatchedCell } from "./watchedStack.ts";

const [cell, second] = watchedCells as [WatchedCell, WatchedCell];
const { trainJob, evaluation } = cell;

describe("the grid", () => {
  const halfDone: Partial<ClusterSnapshot> = {
    trainJobs: [buildConditionedObject(trainJob, "Complete"), buildConditionedObject(second.trainJob)],
    jobSets: [buildConditionedObject(evaluation, "Completed"), buildConditionedObject(second.evaluation)],
  };

  it("has each shared job once", () => {
    const jobs = watchedCells.flatMap(({ dataJobs }) => dataJobs.map((name) => buildJobObject(name)));
    expect(computeGridState(watchedDevStack, buildContext({ jobs })).data).toHaveLength(13);
  });

  it("leaves out shared jobs that the cluster does not have", () => {
    expect(computeGridState(watchedDevStack, buildContext({})).data).toEqual([]);
  });

  it("estimates the time left from the pace since the submission", () => {
    const { percent, eta } = computeGridState(buildCellsStack(cell, second), buildContext(halfDone));
    expect(percent).toBeCloseTo(50);
    expect(eta).toBeCloseTo(120);
  });

  it("ignores the pace of cells that were done before this submission", () => {
    const oldTrainJob = {
      ...buildConditionedObject(trainJob, "Complete"),
      metadata: { name: trainJob, creationTimestamp: new Date(snapshotTime - 86_400_000) },
    };
    const trainJobs = [oldTrainJob, buildConditionedObject(second.trainJob, "Complete")];
    expect(computeGridState(buildCellsStack(cell, second), buildContext({ ...halfDone, trainJobs })).eta).toBeCloseTo(
      (120 * 40) / 60,
    );
  });

  describe("a base model", () => {
    const [modelJob] = watchedBase.dataJobs as [string];
    const computeBaseModelState = (objects: Partial<ClusterSnapshot>) => {
      const jobSets = objects.jobSets ?? [buildConditionedObject(watchedBase.evaluation)];
      return computeGridState({ cells: [cell], bases: [watchedBase] }, buildContext({ ...objects, jobSets })).bases[0];
    };
    const benchmarks = [
      buildChildJob(watchedBase.evaluation, "sib200", { succeeded: 1 }),
      buildChildJob(watchedBase.evaluation, "flores200"),
    ];

    it.each([
      ["is not submitted", { jobSets: [] }, { name: "not submitted", percent: 0 }],
      ["waits for its download", { jobs: [buildJobObject(modelJob)] }, { name: "waiting for data", percent: 0 }],
      [
        "is evaluated",
        {
          jobs: [buildJobObject(modelJob, "Complete"), ...benchmarks],
          pods: [buildPodObject(watchedBase.evaluation, "flores200", "running")],
        },
        { name: "evaluate", percent: 50 },
      ],
      [
        "is done",
        { jobSets: [buildConditionedObject(watchedBase.evaluation, "Completed")] },
        { name: "done", percent: 100 },
      ],
    ] as const)("%s", (_, more, at) => {
      expect(computeBaseModelState(more)).toMatchObject({ id: "Tiny-base", ...at });
    });

    it("keeps the outcome running like a cell", () => {
      const jobSets = [buildConditionedObject(evaluation, "Completed"), buildConditionedObject(watchedBase.evaluation)];
      expect(
        determineOutcome(computeGridState({ cells: [cell], bases: [watchedBase] }, buildContext({ jobSets }))),
      ).toBe("running");
    });
  });

  it("is done only when the earlier checkpoints of a cell are evaluated, too", () => {
    const curve = { ...cell, earlierEvaluations: ["eval-at-20", "eval-at-40"] };
    const computeStage = (...earlier: ConditionedObject[]) =>
      computeGridState(
        buildCellsStack(curve),
        buildContext({ jobSets: [buildConditionedObject(evaluation, "Completed"), ...earlier] }),
      ).cells[0]?.name;
    const first = buildConditionedObject("eval-at-20", "Completed");
    expect(computeStage(first, buildConditionedObject("eval-at-40", "Completed"))).toBe("done");
    expect(computeStage(first, buildConditionedObject("eval-at-40"))).toBe("starting");
    expect(computeStage(buildConditionedObject("eval-at-20", "Failed"))).toBe("failed");
  });

  it("runs until every cell is done or failed, and fails if any cell failed", () => {
    const computeOutcome = (objects: Partial<ClusterSnapshot>) =>
      determineOutcome(computeGridState(buildCellsStack(cell, second), buildContext(objects)));
    expect(computeOutcome(halfDone)).toBe("running");
    expect(
      computeOutcome({
        ...halfDone,
        jobSets: [
          buildConditionedObject(evaluation, "Completed"),
          buildConditionedObject(second.evaluation, "Completed"),
        ],
      }),
    ).toBe("done");
    expect(
      computeOutcome({
        ...halfDone,
        jobSets: [buildConditionedObject(evaluation, "Completed"), buildConditionedObject(second.evaluation, "Failed")],
      }),
    ).toBe("failed");
  });
});
