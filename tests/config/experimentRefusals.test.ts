/**
 * What an experiment refuses that each key of its stack's file allows: missing commits, checkpoints, memory, hardware
 * of the cluster. Each is tested on a file as a user would write it.
 */
import { buildExperiment, parseStackConfig } from "../../jobs/experiment/index.ts";
import { emulatedCluster, gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import { catchProblems } from "../support/configErrors.ts";
import { formatFixtureProblems, readFixture, resolveFixture } from "../support/configFixtures.ts";

/** The problems of the study's stack with other overrides. */
function collectStudyProblems(overrides: Record<string, unknown>) {
  const { values, ...study } = readFixture(resolveFixture("valid", "study"));
  const changed = { ...study, values: { ...values, "mixcpt:overrides": overrides } };
  return catchProblems(() => buildExperiment(parseStackConfig(changed), gpuCluster));
}

describe("the refusal of an experiment", () => {
  it("lists the missing commits and links to them", () => {
    expect(formatFixtureProblems("not-pinned")).toHaveLength(4);
    expect(formatFixtureProblems("not-pinned")[0]).toMatch(
      /^mixcpt:revisions\.LumiOpen\/Viking-7B: no commit is given.*huggingface\.co\/LumiOpen\/Viking-7B shows$/,
    );
  });

  it("reports the last step, the evaluated step and a remedy for short runs", () => {
    const [line, ...more] = formatFixtureProblems("ends-before-its-checkpoint");
    expect(line).toMatch(
      /^mixcpt:hardware: V7-\S+ ends at step \d+ at the latest, but its checkpoint of step \d+ is evaluated/,
    );
    expect(line).toContain("; use fewer devices");
    expect(more).toEqual([]);
  });

  it("names the evaluated steps that a run does not reach or whose end is not known", () => {
    const tiny = {
      "mixcpt:family": "tiny",
      "mixcpt:protocol": "miniature",
      "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
    };
    const find = (evaluate: unknown, values: Record<string, unknown> = tiny) =>
      catchProblems(() =>
        buildExperiment(
          parseStackConfig({
            stack: "fixture",
            file: "Pulumi.fixture.yaml",
            values: { ...values, "mixcpt:checkpoints": { evaluate } },
          }),
          emulatedCluster,
        ),
      ).map(({ path, message }) => `${path}: ${message}`);
    expect(find([20, { every: 15 }, "last"])).toEqual([]);
    expect(find([80])).toEqual([
      expect.stringMatching(
        /^mixcpt:checkpoints\.evaluate: Tiny-\S+ ends at step 60 at the latest, but .* step 80 is evaluated/,
      ),
    ]);
    expect(find(["study", "first", { every: 0 }])).toEqual([
      "mixcpt:checkpoints.evaluate[1]: must be study, last, a step like 5000, or {every: 1000}",
      "mixcpt:checkpoints.evaluate[2].every: must be at least 1",
    ]);
    const uniform = { ...tiny, "mixcpt:family": "viking", "mixcpt:protocol": "uniform" };
    expect(find(["study", { every: 500 }], uniform)[0]).toContain("the study evaluated no checkpoint of the protocol");
    expect(find(["last", { every: 500 }], uniform)[0]).toBe(
      "mixcpt:checkpoints.evaluate[1]: add the step at which it ends to the list; the step of last is not known before training",
    );
  });

  it("allows at most 100 evaluated checkpoints, and says how many cells do not reach one", () => {
    const { values, ...study } = readFixture(resolveFixture("valid", "study"));
    const find = (evaluate: unknown) => {
      const changed = { ...study, values: { ...values, "mixcpt:checkpoints": { evaluate } } };
      return catchProblems(() => buildExperiment(parseStackConfig(changed), gpuCluster)).map(({ message }) => message);
    };
    expect(find([{ every: 1 }, 1_000_000_000])).toEqual([
      expect.stringMatching(/^L2-\S+ has more than 100 evaluated checkpoints; at most 100 are allowed/),
      expect.stringMatching(/ends at step \d+ at the latest, .* \(11 other cells also end too early\); leave/),
    ]);
    expect(find([{ every: 20 }, "study"])).toHaveLength(1);
    expect(find([{ every: 200 }, "study"])).toEqual([]);
  });

  it("points to the override instead of the hardware if the override ends the run too early", () => {
    expect(collectStudyProblems({ "L2-Mono-Alt": { num_train_epochs: 1 } })).toMatchObject([
      {
        path: "mixcpt:overrides.L2-Mono-Alt",
        value: { num_train_epochs: 1 },
        message: expect.stringMatching(/^L2-Mono-Alt ends at step \d+ at the latest, .*without this override/),
      },
    ]);
  });

  it("reports cells that an override of a pattern ends too early in one line, under a key that the file has", () => {
    expect(collectStudyProblems({ "L2-Mono-*": { num_train_epochs: 1 } })).toMatchObject([
      {
        path: "mixcpt:overrides",
        value: { num_train_epochs: 1 },
        message: expect.stringMatching(
          /^L2-Mono-\S+ ends at step .* other cells? also ends? too early\); .*this override/,
        ),
      },
    ]);
  });

  it("reports the needed and available memory of a device and a remedy", () => {
    const [line, ...more] = formatFixtureProblems("does-not-fit");
    expect(line).toMatch(/^mixcpt:hardware: L2-\S+ needs \d+\.\d GB per device, but only 57\.6 GB of an MI250X /);
    expect(line).toMatch(/ \(11 other cells.*; use more devices/);
    expect(more).toEqual([]);
  });

  it("reports the hardware of the cluster", () => {
    expect(formatFixtureProblems("more-than-a-node-has")).toEqual([
      "mixcpt:hardware.devicesPerNode: must be at most 2, the devices per node of the cluster",
    ]);
    expect(formatFixtureProblems("another-gpu")).toEqual([
      "mixcpt:hardware.gpu: the GPUs of the cluster are MI250X; set gpu to MI250X",
    ]);
  });
});
