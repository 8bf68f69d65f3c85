import {
  buildChildJob,
  buildConditionedObject,
  buildJobObject,
  buildPodObject,
} from "../kubernetes/apiObjects.fixture.ts";
import { drawStacks } from "./drawStacks.ts";
import { computeGridState, determineOutcome } from "./gridState.ts";
import { listNewLines } from "./plainLines.ts";
import { buildContext } from "./watchedStack.fixture.ts";
import { convertSubmittedStack } from "./watchedStack.ts";

const ids = ["L3-Mono-Alt", "L3-Bi+Code-Stag", "at-5000", "V7-base"];
const names = ids.map((id) => `eval-${id.toLowerCase().replaceAll("+", "-")}`);
const submitted = convertSubmittedStack({
  cells: [],
  bases: ids.map((id, index) => ({
    id,
    names: { evaluate: names[index] ?? "", data: id === "at-5000" ? [] : [`model-${String(index)}`] },
  })),
  shared: ["model-0", "model-1", "model-3"],
});
const [done = "", running = "", waiting = "", downloading = ""] = names;
const state = computeGridState(
  submitted,
  buildContext({
    jobs: [
      buildJobObject("model-0", "Complete"),
      buildJobObject("model-1", "Complete"),
      buildJobObject("model-3"),
      buildChildJob(running, "sib200", { succeeded: 1 }),
      buildChildJob(running, "flores200"),
    ],
    jobSets: [
      buildConditionedObject(done, "Completed"),
      ...[running, waiting, downloading].map((name) => buildConditionedObject(name)),
    ],
    pods: [buildPodObject(running, "flores200", "running"), buildPodObject(waiting, "await-checkpoint", "running")],
    logs: new Map([
      [`${waiting}-await-checkpoint-0-0-running`, "waiting for /store/runs/x/checkpoint-5000 (120 s so far)"],
    ]),
  }),
);

describe("a stack that evaluates models without training", () => {
  it("has a line for each model, and counts models", () => {
    const lines = drawStacks([{ stack: "released", state }], { columns: 100, color: false, notice: null });
    expect(lines[0]).toBe("released: 1 of 4 models done, 37 %");
    expect(lines.filter((line) => /^(L3|at|V7)-/.test(line)).map((line) => line.replace(/ +/g, " "))).toEqual([
      expect.stringMatching(/^L3-Mono-Alt █+ 100 % done/),
      expect.stringMatching(/^L3-Bi\+Code-Stag .* 50 % .*flores200/),
      expect.stringMatching(/^at-5000 .* 0 % waiting for data/),
      expect.stringMatching(/^V7-base .* 0 % waiting for data/),
    ]);
  });

  it("is running until all models have ended, whatever else waits for data", () => {
    expect(determineOutcome(state)).toBe("running");
    expect(listNewLines(new Map(), state).lines).toContain(
      "at-5000: waiting for data (waiting for /store/runs/x/checkpoint-5000)",
    );
  });

  it("is counted beside the cells of other stacks", () => {
    const several = ["a", "b"].map((stack) => ({ stack, state }));
    expect(drawStacks(several, { columns: 80, color: false, notice: null })[0]).toBe(
      "2 stacks: 2 of 8 models done, 37 %",
    );
  });
});
