/**
 * What an experiment refuses that each key of its stack's file allows: missing commits, checkpoints, memory, hardware of
 * the cluster. Each is tested on a file as a user would write it.
 */
import { buildExperiment, parseStackConfig } from "../../jobs/experiment/index.ts";
import { gpuCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
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
      /^mixcpt:hardware: V7-\S+ ends at about step \d+, but its checkpoint of step \d+ is evaluated/,
    );
    expect(line).toContain("; use fewer devices");
    expect(more).toEqual([]);
  });

  it("reports the checkpoint that a limit removes and the smallest sufficient limit", () => {
    const [line = "", ...more] = formatFixtureProblems("removed-before-it-is-evaluated");
    expect(line).toMatch(/^mixcpt:overrides\.L2-Mono-Alt\.save_total_limit: the checkpoint of step 7500 is evaluated/);
    expect(line).toMatch(/leave the limit out or keep at least \d+ checkpoints$/);
    expect(more).toEqual([]);
    const enough = Number(/keep at least (\d+)/.exec(line)?.[1]);
    const checkLimit = (limit: number) => collectStudyProblems({ "L2-Mono-Alt": { save_total_limit: limit } });
    expect(checkLimit(enough)).toEqual([]);
    expect(checkLimit(enough - 1)).toHaveLength(1);
  });

  it("points to the override instead of the hardware if the override ends the run too early", () => {
    expect(collectStudyProblems({ "L2-Mono-Alt": { num_train_epochs: 1 } })).toMatchObject([
      {
        path: "mixcpt:overrides.L2-Mono-Alt",
        value: { num_train_epochs: 1 },
        message: expect.stringMatching(/^L2-Mono-Alt ends at about step \d+, .*without this override/),
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
