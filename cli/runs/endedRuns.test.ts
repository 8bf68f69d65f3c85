import { snapshotTime } from "../kubernetes/apiObjects.fixture.ts";
import type { EndedRuns, EndingContext } from "./endedRuns.ts";
import { narrowUnknownRuns, refuseEndingRuns, refuseForeignRuns } from "./endedRuns.ts";
import type { ActiveRecordedRun } from "./stackSurvey.ts";

const training: ActiveRecordedRun = {
  kind: "trainjob",
  name: "tiny-mono-alt-11112222",
  step: "train",
  cell: "Tiny-Mono-Alt",
  since: snapshotTime - 3_600_000,
  progress: "12/24 steps",
  urn: "urn:t1",
  provider: "p",
  cluster: "lab",
  now: snapshotTime,
};
const evaluation: ActiveRecordedRun = {
  ...training,
  kind: "jobset",
  name: "e1",
  step: "evaluate",
  progress: null,
  since: null,
};
const unreachable = {
  cluster: "lab",
  reason: 'could not read cluster "lab": connect ECONNREFUSED',
  runs: [{ ...training, cluster: { name: "lab", kubeconfig: undefined } }],
};

function catchRefusal(runs: Partial<EndedRuns>, context: Partial<EndingContext> = {}): string {
  try {
    refuseEndingRuns({ ended: [], unknown: [], ...runs }, { verb: "up", stack: "mini", target: "lab", ...context });
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("a command that would end active runs", () => {
  it("goes ahead if there are none", () => {
    expect(catchRefusal({})).toBe("");
  });

  it("is refused with cell, run, cluster, start and progress of each, and with what to do", () => {
    expect(catchRefusal({ ended: [training, evaluation] }).split("\n")).toEqual([
      "up mini would end 2 active runs; nothing was changed",
      '  Tiny-Mono-Alt: training tiny-mono-alt-11112222 on cluster "lab", ' +
        "active since 2026-11-24 05:30 UTC (1 h 0 min), 12/24 steps",
      '  Tiny-Mono-Alt: evaluation e1 on cluster "lab", active',
      "what to do:",
      "  ./mixcpt preview mini shows the differences; ./mixcpt watch mini shows when they have ended",
      "  ./mixcpt up mini --replace-running ends them and submits what the file describes now",
    ]);
  });

  it("has no way to go ahead if it would link folders that they write", () => {
    expect(catchRefusal({ ended: [training], unknown: [unreachable] }, { verb: "adopt" }).split("\n")).toEqual([
      "adopt mini would link folders of 1 active run and 1 run that may be active; nothing was changed",
      expect.stringMatching(/^ {2}Tiny-Mono-Alt: training/),
      expect.stringMatching(/ECONNREFUSED$/),
      expect.stringMatching(/^ {4}recorded there/),
      "what to do:",
      "  ./mixcpt watch mini shows when they have ended",
      '  make cluster "lab" reachable (./mixcpt doctor shows what is missing, ' +
        "./mixcpt cluster up lab writes its kubeconfig)",
    ]);
  });

  it("is refused with the old and the new cluster if the stack's file names another one", () => {
    const message = catchRefusal({ ended: [training] }, { target: "site" });
    expect(message).toMatch(/Pulumi\.mini\.yaml names cluster "site".*state records runs on "lab"/);
    expect(message).toMatch(/name "lab" again.*destroy mini/);
    expect(message).not.toContain("./mixcpt watch"); // it would look at site
  });

  it("is refused if the cluster cannot be asked, with the ways to ask it or to forget it", () => {
    expect(catchRefusal({ unknown: [unreachable] }, { verb: "destroy", target: undefined })).toMatch(
      new RegExp(
        "^destroy mini would end 1 run that may be active; nothing was changed\\n.*ECONNREFUSED" +
          "[^]*Tiny-Mono-Alt: training[^]*./mixcpt cluster up lab" +
          "[^]*stack rm mini --force --preserve-config[^]*destroy mini --end-running",
      ),
    );
  });

  it("does not mention runs of an unreachable cluster that stay", () => {
    expect(narrowUnknownRuns([unreachable], () => [])).toEqual([]);
    expect(narrowUnknownRuns([unreachable], (runs) => runs)).toEqual([unreachable]);
  });

  it.each(["up", "destroy"] as const)("names the flag that %s has for it", (verb) => {
    const flag = verb === "destroy" ? "destroy mini --end-running" : "up mini --replace-running";
    expect(catchRefusal({ ended: [training] }, { verb })).toContain(flag);
  });

  it("sends a retry to up: a retry ends nothing", () => {
    expect(catchRefusal({ ended: [training] }, { verb: "retry" })).toMatch(
      /^retry mini would[^]*up mini --replace-running/,
    );
  });
});

describe("an up that would submit runs under the names of others' runs", () => {
  const context = { verb: "up", stack: "mini", target: "lab" } as const;

  it("is refused with the first of them and with what to do", () => {
    const foreign = Array.from({ length: 7 }, (_, index) => ({ ...training, name: `t${String(index)}` }));
    expect(() => refuseForeignRuns(foreign, context)).toThrow(
      new RegExp(
        '^up mini would submit 7 runs that cluster "lab" already has.*\\n' +
          "[^]*training t4 and 2 more\\nAnother checkout[^]*destroy mini there",
      ),
    );
  });

  it("goes ahead if there are none", () => {
    expect(() => refuseForeignRuns([], context)).not.toThrow();
  });
});
