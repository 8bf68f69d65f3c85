import {
  buildConditionedObject,
  buildJobObject,
  buildPodObject,
  buildSnapshot,
} from "../kubernetes/apiObjects.fixture.ts";
import type { ConditionedObject, ClusterSnapshot } from "../kubernetes/apiObjects.ts";
import { drawJobList } from "./drawJobList.ts";
import { computeJobsState, determineOutcome } from "./gridState.ts";
import { listNewLines } from "./plainLines.ts";
import { buildContext, formatProgressLine } from "./watchedStack.fixture.ts";
import { expectFittingLines } from "./wideLines.fixture.ts";

const [model, done, failed, running, waiting] = [
  "model-glotlid-11111111",
  "data-mono-alt-22222222",
  "data-mono-sel-33333333",
  "data-bi-code-stag-44444444",
  "data-bi-alt-55555555",
] as const;
const names = [model, done, failed, running, waiting];

function buildJobSets(conditions: Record<string, string> = {}): ConditionedObject[] {
  return names.slice(1).map((name) => buildConditionedObject(name, ...[conditions[name] ?? []].flat()));
}

/** A stack of corpora at work. */
const busyCorpora = buildSnapshot({
  jobs: [buildJobObject(model, "Complete")],
  jobSets: buildJobSets({ [done]: "Completed", [failed]: "Failed" }),
  pods: [
    buildPodObject(failed, "mixture", "failed"),
    buildPodObject(running, "mixture", "running"),
    buildPodObject(waiting, "await", "running"),
  ],
  logs: new Map([
    [`${failed}-mixture-0-0-failed`, "sources[0]: huggingface.co/allenai/MADLAD-400 did not respond"],
    [`${running}-mixture-0-0-running`, formatProgressLine(3, 12, { unit: "shards", eta_seconds: 90 })],
    [`${waiting}-await-0-0-running`, "waiting for /store/inputs/benchmarks (120 s so far)"],
  ]),
});

function computeListState(objects: Partial<ClusterSnapshot>) {
  return computeJobsState(names, buildContext(objects));
}

const frame = { stack: "corpora", columns: 100, color: false, notice: null };

describe("the watch of a stack of corpora", () => {
  const lines = drawJobList(computeListState(busyCorpora), frame);
  const findListLine = (name: string) => lines.find((line) => line.startsWith(name));

  it("has one line per Job or JobSet, in the order of submission", () => {
    expect(lines.slice(2, 7).map((line) => line.split(" ")[0])).toEqual(names);
  });

  it("counts the jobs that are done", () => {
    expect(lines[0]).toBe("corpora: 2 of 5 jobs done, 45 %");
  });

  it("shows the progress of each job, and what it waits for", () => {
    expect(findListLine(done)).toMatch(/█{10} 100 % +done$/);
    expect(findListLine(running)).toMatch(/ 25 % ~2m +3\/12 shards$/);
    expect(findListLine(waiting)).toMatch(/ 0 % +waiting for \/store\/inputs\/benchmarks$/);
  });

  it("shows why a job has failed, and the command that shows more", () => {
    expect(lines.slice(-3)).toEqual([
      failed,
      "  data failed (exit code 1): sources[0]: huggingface.co/allenai/MADLAD-400 did not respond",
      `  more: ./mixcpt kubectl --namespace mixcpt logs ${failed}-mixture-0-0-failed`,
    ]);
  });

  it("fits into the terminal, except for the command that shows more", () => {
    expectFittingLines((columns) => drawJobList(computeListState(busyCorpora), { ...frame, columns }));
  });

  it("prints the same in plain lines, and nothing while nothing changes", () => {
    const { lines: firstLines, printed } = listNewLines(new Map(), computeListState(busyCorpora));
    expect(firstLines).toEqual([
      `${model}: done`,
      `${done}: done`,
      `${failed}: data failed (exit code 1): sources[0]: huggingface.co/allenai/MADLAD-400 did not respond`,
      `${failed}: more: ./mixcpt kubectl --namespace mixcpt logs ${failed}-mixture-0-0-failed`,
      `${running}: 25 %`,
      `${waiting}: waiting for data (/store/inputs/benchmarks)`,
    ]);
    expect(listNewLines(printed, computeListState(busyCorpora)).lines).toEqual([]);
  });

  it("runs until every job is done or failed, and fails if any job failed", () => {
    const computeEndedState = (failedCondition: string) =>
      computeListState({
        ...busyCorpora,
        jobSets: buildJobSets({
          [done]: "Completed",
          [failed]: failedCondition,
          [running]: "Completed",
          [waiting]: "Completed",
        }),
      });
    expect(determineOutcome(computeListState(busyCorpora))).toBe("running");
    expect(determineOutcome(computeListState({}))).toBe("running");
    expect(determineOutcome(computeEndedState("Failed"))).toBe("failed");
    expect(determineOutcome(computeEndedState("Completed"))).toBe("done");
  });
});
