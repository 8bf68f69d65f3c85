import { load } from "js-yaml";
import { emulatedCluster } from "../kube/clusterOutputs.fixture.ts";
import type { FamilyConfig } from "../config/index.ts";
import { buildCell } from "../matrix/index.ts";
import { tinyConfig, tinyInput } from "./run.fixture.ts";
import { buildRun } from "./run.ts";
import { buildTrackerSpec } from "./tracker.ts";
import { buildTrainJob } from "./trainJob.ts";

type Tracker = NonNullable<FamilyConfig["tracker"]>;

function buildTrackedJob(tracker?: Tracker) {
  const config = tracker === undefined ? tinyConfig : { ...tinyConfig, tracker };
  const run = buildRun({ ...tinyInput, config });
  return buildTrainJob(run, { config, cluster: emulatedCluster, priority: "train-1" });
}

function readTrackerSpec(tracker?: Tracker): unknown {
  const text = buildTrackedJob(tracker).spec.trainer.env.find(({ name }) => name === "MIXCPT_SPEC")?.value ?? "";
  return (load(text) as { tracker?: unknown }).tracker;
}

const mlflow = { address: "https://mlflow.example", secret: "mlflow" };
const { name, image } = buildRun(tinyInput);
const tags = {
  run: name,
  cell: "Tiny-Bi+Code-Stag",
  stack: "dev",
  family: "tiny",
  data: "Bi+Code",
  category: "Stag",
  image,
};

describe("the tracker of a training", () => {
  it.each(["tensorboard", { mlflow }] as const)("changes no run's name: %j", (tracker) => {
    expect(buildTrackedJob(tracker).metadata.name).toBe(name);
  });

  it("is in the spec with the identity of the run", () => {
    expect(readTrackerSpec("tensorboard")).toEqual({ kind: "tensorboard", tags });
    expect(readTrackerSpec({ mlflow })).toEqual({
      kind: "mlflow",
      address: "https://mlflow.example",
      experiment: "dev",
      tags,
    });
    expect(readTrackerSpec()).toBeUndefined();
  });

  it("has the values on added axes among its tags", () => {
    const cell = buildCell({ ...tinyInput.cell, axisValues: { learning_rate: 4e-5, seed: 2 } });
    const run = buildRun({ ...tinyInput, cell });
    expect(buildTrackerSpec(run, { stack: "dev", tracker: "tensorboard" }).tracker?.tags).toMatchObject({
      cell: "Tiny-Bi+Code-Stag-lr4e-5-seed2",
      learning_rate: 4e-5,
      seed: 2,
    });
  });

  it("gets its login from the Secret that it names, and starts without it", () => {
    const variables = buildTrackedJob({ mlflow }).spec.trainer.env.filter(({ name }) => name.startsWith("MLFLOW_"));
    expect(variables.map(({ valueFrom }) => valueFrom)).toEqual(
      ["MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD"].map((key) => ({
        secretKeyRef: { name: "mlflow", key, optional: true },
      })),
    );
    const open = buildTrackedJob({ mlflow: { address: mlflow.address } });
    expect(JSON.stringify(open)).not.toContain("secretKeyRef");
  });
});
