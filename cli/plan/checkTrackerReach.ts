import type { StackConfig } from "../../jobs/config/index.ts";
import { findClusterConfig } from "../cluster/readClusterConfig.ts";

/**
 * Explains that the network policies of a stack's cluster keep its trainings from the tracker, which would only show in
 * their logs; undefined if they do not, if infra/ has no such cluster, or if others write its policies.
 */
export function checkTrackerReach(config: StackConfig): string | undefined {
  const { tracker } = config.kind === "family" ? config : {};
  if (tracker === undefined || tracker === "tensorboard") return undefined;
  const { address } = tracker.mlflow;
  const cluster = findClusterConfig(config.cluster);
  if (cluster === undefined || cluster.kind === "tenant" || cluster.training?.hostNetwork === true) return undefined;
  const { enabled = true, training = [] } = cluster.networkPolicy ?? {};
  const { origin } = new URL(address);
  if (!enabled || training.some((allowed) => new URL(allowed).origin === origin)) return undefined;
  return (
    `mixcpt:tracker: the network policies of cluster "${config.cluster}" keep trainings from ${address}; add ` +
    `networkPolicy: { training: ["${origin}"] } to infra/Pulumi.${config.cluster}.yaml and run ` +
    `./mixcpt cluster up ${config.cluster}`
  );
}
