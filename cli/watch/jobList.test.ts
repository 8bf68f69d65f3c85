import fc from "fast-check";
import { job, kubectl, object, pod, progressLine, snapshot } from "./cluster.fixture.ts";
import { outcome } from "./gridState.ts";
import { drawJobs } from "./jobList.ts";
import { jobsState } from "./jobsState.ts";
import { newLines } from "./lines.ts";
import type { Conditioned, Snapshot } from "./snapshot.ts";

const [model, made, failed, running, waiting] = ["model-glotlid-11111111", "data-mono-alt-22222222", "data-mono-sel-33333333", "data-bi-code-stag-44444444", "data-bi-alt-55555555"] as const;
const names = [model, made, failed, running, waiting];

const jobSets = (ends: Record<string, string> = {}): Conditioned[] => names.slice(1).map((name) => object(name, ...[ends[name] ?? []].flat()));

/** A stack of corpora in the middle of it. */
const busy = snapshot({
  jobs: [job(model, "Complete")],
  jobSets: jobSets({ [made]: "Completed", [failed]: "Failed" }),
  pods: [pod(failed, "mixture", "failed"), pod(running, "mixture", "running"), pod(waiting, "await", "running")],
  logs: new Map([
    [`${failed}-mixture-0-0-failed`, "sources[0]: huggingface.co/allenai/MADLAD-400 does not answer"],
    [`${running}-mixture-0-0-running`, progressLine(3, 12, { unit: "shards", eta_seconds: 90 })],
    [`${waiting}-await-0-0-running`, "waiting for /store/inputs/benchmarks (120 s so far)"],
  ]),
});

const stateOf = (more: Snapshot) => jobsState(names, more, kubectl);
const frame = { stack: "corpora", columns: 100, color: false, notice: null };

describe("the watch of a stack of corpora", () => {
  const lines = drawJobs(stateOf(busy), frame);
  const lineOf = (name: string) => lines.find((line) => line.startsWith(name));

  it("has a line per job, in the order of submission, whatever its kind", () => {
    expect(lines.slice(2, 7).map((line) => line.split(" ")[0])).toEqual(names);
  });

  it("counts the jobs that are done", () => {
    expect(lines[0]).toBe("corpora: 2 of 5 jobs done, 45 %");
  });

  it("says of each how far it is, and what it waits for", () => {
    expect(lineOf(made)).toMatch(/█{10} 100 % +done$/);
    expect(lineOf(running)).toMatch(/ 25 % ~2m +3\/12 shards$/);
    expect(lineOf(waiting)).toMatch(/ 0 % +waiting for \/store\/inputs\/benchmarks$/);
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
        const wide = drawJobs(stateOf(busy), { ...frame, columns }).filter((line) => line.length > columns);
        expect(wide.filter((line) => !line.startsWith("  more: "))).toEqual([]);
      }),
    );
  });

  it("says the same in plain lines, and nothing again while nothing changes", () => {
    const { lines: first, said } = newLines(new Map(), stateOf(busy));
    expect(first).toEqual([
      `${model}: done`,
      `${made}: done`,
      `${failed}: data failed (exit code 1): sources[0]: huggingface.co/allenai/MADLAD-400 does not answer`,
      `${failed}: more: ./mixcpt kubectl --namespace mixcpt logs ${failed}-mixture-0-0-failed`,
      `${running}: 25 %`,
      `${waiting}: waiting for data (/store/inputs/benchmarks)`,
    ]);
    expect(newLines(said, stateOf(busy)).lines).toEqual([]);
  });

  it("goes on until every job is done or failed, and has failed if any has", () => {
    const ended = (last: string) => stateOf({ ...busy, jobSets: jobSets({ [made]: "Completed", [failed]: last, [running]: "Completed", [waiting]: "Completed" }) });
    expect(outcome(stateOf(busy))).toBe("running");
    expect(outcome(stateOf(snapshot({})))).toBe("running");
    expect(outcome(ended("Failed"))).toBe("failed");
    expect(outcome(ended("Completed"))).toBe("done");
  });
});
