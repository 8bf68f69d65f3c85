import { buildChildJob, buildConditionedObject, buildPodObject } from "../kubernetes/apiObjects.fixture.ts";
import { computeEvaluateStage } from "./evaluateStage.ts";
import { buildContext, watchedCells } from "./watchedStack.fixture.ts";
import type { WatchedCell } from "./watchedStack.ts";
import { formatFailure } from "./workloadFailure.ts";

const [cell] = watchedCells as [WatchedCell];
const { evaluation } = cell;

const publisher = {
  ...buildPodObject(evaluation, "publish", "failed"),
  status: { phase: "Failed", containerStatuses: [{ state: { terminated: { exitCode: 2, reason: "Error" } } }] },
};

it("an evaluation shows the units without a score if its publisher names some", () => {
  const line = "mixcpt-evaluate publish: no score for flores200 zul_Latn xx-eng; all others are published; …";
  const { name, failure } = computeEvaluateStage(
    cell,
    buildContext({
      jobSets: [buildConditionedObject(evaluation, "Failed")],
      pods: [buildPodObject(evaluation, "sib200", "succeeded"), publisher],
      logs: new Map([[`${evaluation}-publish-0-0-failed`, `scores-x: published 52 scores\n${line}`]]),
    }),
  );
  expect(name).toBe("failed");
  expect(failure && formatFailure(failure)).toBe(`evaluate failed (exit code 2): ${line}`);
});

it("an evaluation is not published while one benchmark waits for its files and the others are done", () => {
  const waiting = buildPodObject(evaluation, "await-belebele", "running");
  const stage = computeEvaluateStage(
    cell,
    buildContext({
      jobSets: [buildConditionedObject(evaluation)],
      jobs: [
        buildChildJob(evaluation, "await-belebele"),
        buildChildJob(evaluation, "sib200", { succeeded: 1 }),
        buildChildJob(evaluation, "flores200", { succeeded: 1 }),
      ],
      pods: [waiting],
      logs: new Map([
        [`${evaluation}-await-belebele-0-0-running`, "waiting for /store/inputs/benchmarks (60 s so far)"],
      ]),
    }),
  );
  expect(stage).toMatchObject({ name: "waiting for data", detail: "waiting for /store/inputs/benchmarks" });
});
