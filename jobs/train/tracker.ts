import type { EnvVar } from "kubernetes-types/core/v1.js";
import { trackerVariables } from "../kube/podEnvironment.ts";
import type { FamilyConfig } from "../config/index.ts";
import type { Run } from "./run.ts";

type TrackerConfig = Pick<FamilyConfig, "stack" | "tracker">;

/** Builds the identity of a run in a tracker. */
function buildTrackerTags({ name, cell, image }: Run, stack: string) {
  const { id, family, data, category, axisValues } = cell;
  return { run: name, cell: id, stack, family, data, category, ...axisValues, image };
}

/**
 * Builds the part of the spec that names the tracker. It is in no hash: a tracker changes nothing that a run learns.
 */
export function buildTrackerSpec(run: Run, { stack, tracker }: TrackerConfig) {
  if (tracker === undefined) return {};
  const tags = buildTrackerTags(run, stack);
  return tracker === "tensorboard"
    ? { tracker: { kind: "tensorboard", tags } }
    : { tracker: { kind: "mlflow", address: tracker.mlflow.address, experiment: stack, tags } };
}

/** Builds the variables of the tracker's Secret. All are optional: a tracker without its login stops no training. */
export function buildTrackerEnvVars({ tracker }: Pick<TrackerConfig, "tracker">): EnvVar[] {
  const secret = typeof tracker === "object" ? tracker.mlflow.secret : undefined;
  if (secret === undefined) return [];
  return trackerVariables.map((name) => ({
    name,
    valueFrom: { secretKeyRef: { name: secret, key: name, optional: true } },
  }));
}
