import { listRunManifests, parseStackConfig } from "../../jobs/experiment/index.ts";
import type { ClusterOutputs } from "../../jobs/kube/clusterOutputs.ts";
import { buildPlanDocument } from "../../jobs/plan/index.ts";
import { buildPlanOnCluster } from "../plan/planOnCluster.ts";
import { convertManifest } from "./snapshotSchema.ts";
import type { PreviewSnapshot } from "./snapshotSchema.ts";

/** Builds the snapshot of stacks on one cluster from the values of their files. */
export function buildDeclaredSnapshot(
  stacks: Readonly<Record<string, Record<string, unknown>>>,
  cluster: ClusterOutputs,
): PreviewSnapshot {
  const plans = Object.entries(stacks).map(([stack, values]) =>
    buildPlanOnCluster(parseStackConfig({ stack, file: `Pulumi.${stack}.yaml`, values }), cluster),
  );
  const manifests = plans.map(({ plan, experiment }) => [
    plan.stack,
    listRunManifests(experiment).map(convertManifest),
  ]);
  return {
    plan: buildPlanDocument(plans.map(({ plan }) => plan)),
    manifests: Object.fromEntries(manifests) as PreviewSnapshot["manifests"],
  };
}
