import { extractResourceName } from "../engine/updateOutput.ts";
import type { ClusterSurvey } from "./clusterSurvey.ts";
import { formatActiveWorkloads } from "./refuseClusterInUse.ts";

interface RemovalOfHosts extends Pick<ClusterSurvey, "workloads" | "unavailable"> {
  /** True if work may run on the hosts although the cluster does not answer. */
  readonly mayWork: boolean;
  readonly endRunning: boolean;
}

/** @throws Error with the unfinished work on local hosts, or the reason why it is unknown, and with what to do */
export function refuseEndingHosts(
  command: string,
  { workloads, unavailable, mayWork, endRunning }: RemovalOfHosts,
): void {
  if (endRunning) return;
  const isUnknown = unavailable !== undefined && mayWork;
  if (workloads.length === 0 && !isUnknown) return;
  throw new Error(
    [
      `${command} would end ${isUnknown ? "hosts that run, whatever works on them" : "unfinished work"}; ` +
        "nothing was changed",
      ...(isUnknown ? [`  ${unavailable}`] : formatActiveWorkloads(workloads)),
      "what to do:",
      "  wait until the work has finished (./mixcpt watch STACK), or submit it again later: checkpoints, corpora and " +
        "scores in the store are kept",
      `  ./mixcpt ${command.replace(/^cluster up/, "down")} --end-running ends it`,
    ].join("\n"),
  );
}

interface UncheckedRemoval extends Pick<ClusterSurvey, "unavailable"> {
  readonly mayWork: boolean;
  readonly unchecked: boolean;
}

/** @throws Error if a cluster cannot be asked what works on it before it is removed, with what to do */
export function refuseUncheckedRemoval(stack: string, { unavailable, mayWork, unchecked }: UncheckedRemoval): void {
  if (unavailable === undefined || !mayWork || unchecked) return;
  throw new Error(
    [
      `cluster destroy ${stack} cannot tell whether anything runs there; nothing was changed`,
      `  ${unavailable}`,
      "what to do:",
      `  make the cluster reachable: ./mixcpt doctor shows what is missing, ` +
        `./mixcpt cluster up ${stack} writes its kubeconfig`,
      `  ./mixcpt cluster destroy ${stack} --unchecked removes it without asking it`,
    ].join("\n"),
  );
}

interface PlatformUpdate extends Pick<ClusterSurvey, "workloads"> {
  /** URNs of the resources that `cluster up` would delete. */
  readonly deletedUrns: readonly string[];
}

/**
 * Refuses a `cluster up` that would delete kinds of the controllers: the API server deletes all objects of a kind with
 * it, those of other teams included.
 * @throws Error with the unfinished work
 */
export function refuseEndingPlatform(stack: string, { deletedUrns, workloads }: PlatformUpdate): void {
  const kinds = deletedUrns.filter((urn) => urn.includes(":CustomResourceDefinition::")).map(extractResourceName);
  if (kinds.length === 0 || workloads.length === 0) return;
  throw new Error(
    [
      `cluster up ${stack} would delete ${kinds.join(", ")} and with these kinds unfinished work; nothing was changed`,
      ...formatActiveWorkloads(workloads),
      `what to do: wait until it has finished, or undo the change of infra/Pulumi.${stack}.yaml`,
    ].join("\n"),
  );
}
