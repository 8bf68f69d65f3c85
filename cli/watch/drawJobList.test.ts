import fc from "fast-check";
import {
  buildJobObject,
  kubectlPrefix,
  buildConditionedObject,
  buildPodObject,
  formatProgressLine,
  buildSnapshot,
} from "./watchedStack.fixture.ts";
import { determineOutcome } from "./gridState.ts";
import { drawJobList } from "./drawJobList.ts";
import { computeJobsState } from "./gridState.ts";
import { listNewLines } from "./plainLines.ts";
import type { ConditionedObject, ClusterSnapshot } from "../kubernetes/apiObjects.ts";

const [model, made, failed, running, waiting] = [
  "model-glotlid-11111111",
  "data-mono-alt-22222222",
  "data-mono-sel-33333333",
  "data-bi-code-stag-44444444",
  "data-bi-alt-55555555",
] as const;
const names = [model, made, failed, running, waiting];

function buildJobSets(ends: Record<string, string> = {}): ConditionedObject[] {
  return names.slice(1).map((name) => buildConditionedObject(name, ...[ends[name] ?? []].flat()));
}

/** A stack of corpora in the middle of it. */
const busyCorpora = buildSnapshot({
  jobs: [buildJobObject(model, "Complete")],
  jobSets: buildJobSets({ [made]: "Completed", [failed]: "Failed" }),
  pods: [
    buildPodObject(failed, "mixture", "failed"),
    buildPodObject(running, "mixture", "running"),
    buildPodObject(waiting, "await", "running"),
  ],
  logs: new Map([
    [`${failed}-mixture-0-0-failed`, "sources[0]: huggingface.co/allenai/MADLAD-400 does not answer"],
    [`${running}-mixture-0-0-running`, formatProgressLine(3, 12, { unit: "shards", eta_seconds: 90 })],
    [`${waiting}-await-0-0-running`, "waiting for /store/inputs/benchmarks (120 s so far)"],
  ]),
});

function computeListState(more: ClusterSnapshot) {
  return computeJobsState(names, more, kubectlPrefix);
}

const frame = { stack: "corpora", columns: 100, color: false, notice: null };

describe("the watch of a stack of corpora", () => {
  const lines = drawJobList(computeListState(busyCorpora), frame);
  const findListLine = (name: string) => lines.find((line) => line.startsWith(name));

  it("has a line per job, in the order of submission, whatever its kind", () => {
    expect(lines.slice(2, 7).map((line) => line.split(" ")[0])).toEqual(names);
  });

  it("counts the jobs that are done", () => {
    expect(lines[0]).toBe("corpora: 2 of 5 jobs done, 45 %");
  });

  it("says of each how far it is, and what it waits for", () => {
    expect(findListLine(made)).toMatch(/█{10} 100 % +done$/);
    expect(findListLine(running)).toMatch(/ 25 % ~2m +3\/12 shards$/);
    expect(findListLine(waiting)).toMatch(/ 0 % +waiting for \/store\/inputs\/benchmarks$/);
  });

  it("says why one has failed, and how to see more", () => {
    expect(lines.slice(-3)).toEqual([
      failed,
      "  data failed (exit code 1): sources[0]: huggingface.co/allenai/MADLAD-400 does not answer",
      `  more: ./mixcpt kubectl --namespace mixcpt logs ${failed}-mixture-0-0-failed`,
    ]);
  });

  it("is no wider than the terminal, but for the command that shows more", () => {
    fc.assert(
      fc.property(fc.integer({ min: 64, max: 200 }), (columns) => {
        const wide = drawJobList(computeListState(busyCorpora), { ...frame, columns }).filter(
          (line) => line.length > columns,
        );
        expect(wide.filter((line) => !line.startsWith("  more: "))).toEqual([]);
      }),
    );
  });

  it("says the same in plain lines, and nothing again while nothing changes", () => {
    const { lines: first, said } = listNewLines(new Map(), computeListState(busyCorpora));
    expect(first).toEqual([
      `${model}: done`,
      `${made}: done`,
      `${failed}: data failed (exit code 1): sources[0]: huggingface.co/allenai/MADLAD-400 does not answer`,
      `${failed}: more: ./mixcpt kubectl --namespace mixcpt logs ${failed}-mixture-0-0-failed`,
      `${running}: 25 %`,
      `${waiting}: waiting for data (/store/inputs/benchmarks)`,
    ]);
    expect(listNewLines(said, computeListState(busyCorpora)).lines).toEqual([]);
  });

  it("goes on until every job is done or failed, and has failed if any has", () => {
    const computeEndedState = (last: string) =>
      computeListState({
        ...busyCorpora,
        jobSets: buildJobSets({ [made]: "Completed", [failed]: last, [running]: "Completed", [waiting]: "Completed" }),
      });
    expect(determineOutcome(computeListState(busyCorpora))).toBe("running");
    expect(determineOutcome(computeListState(buildSnapshot({})))).toBe("running");
    expect(determineOutcome(computeEndedState("Failed"))).toBe("failed");
    expect(determineOutcome(computeEndedState("Completed"))).toBe("done");
  });
});
