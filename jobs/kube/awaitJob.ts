import type { JobSpec } from "kubernetes-types/batch/v1.js";
import type { ClusterOutputs } from "./clusterOutputs.ts";
import { buildJobSpec } from "./jobSpec.ts";
import type { ReplicatedJob } from "./manifestTypes.ts";
import type { ObjectIdentity } from "./objectLabels.ts";
import type { PodSettings } from "./podSettings.ts";
import { selectPlacement } from "./podSettings.ts";
import type { PodResources } from "./restrictedPod.ts";

/** Command that waits until each PATH/COMPLETE exists. */
export const awaitCommand = "mixcpt-await";

/** Resources of a shell that sleeps. */
export const awaitResources: PodResources = { cpu: "10m", memory: "32Mi" };

/** Name of the waiting job in the JobSet of a dependent artifact. */
export const awaitJobName = "await";

/** The work for which a pod waits, in the order of a cell: each kind waits only for kinds before it. */
type AwaitingWork = "mixture" | "tokenise" | "train" | "evaluate";

/** Label of the pods that wait, with the work that waits. */
const waitingLabel = "mixcpt.io/waiting";

/**
 * Number of pods of one kind of work and one namespace that may wait on a node, of the 110 that a kubelet accepts. The
 * others are not scheduled and occupy nothing. All four kinds of two namespaces leave room for work.
 */
const waitingPodsPerNode = 10;

/** More than the nodes of any cluster: the scheduler then compares a node's pods with 0, not with the emptiest node. */
const unreachedDomains = 1_000_000;

type PodTemplate = JobSpec["template"];

/**
 * Limits the pods that wait on one node. Otherwise they could occupy all nodes, and the work for which they wait would
 * find no room. Each kind of work has a separate limit, so that evaluations keep no training from waiting for its
 * corpus.
 */
export function limitWaitingPods({ metadata, spec }: PodTemplate, work: AwaitingWork): PodTemplate {
  const labels = { [waitingLabel]: work };
  const constraint = {
    maxSkew: waitingPodsPerNode,
    minDomains: unreachedDomains,
    topologyKey: "kubernetes.io/hostname",
    whenUnsatisfiable: "DoNotSchedule",
    labelSelector: { matchLabels: labels },
  };
  return {
    metadata: { ...metadata, labels: { ...metadata?.labels, ...labels } },
    ...(spec && { spec: { ...spec, topologySpreadConstraints: [constraint] } }),
  };
}

interface AwaitJobInput {
  readonly name: string;
  readonly work: AwaitingWork;
  /** Folders of the store to wait for. */
  readonly paths: readonly string[];
  /** Settings of the pods that wait for this one, whose nodes it may use. */
  readonly settings: PodSettings | undefined;
}

/** Builds the job of a JobSet that waits for folders of the store. It has no queue, so it never holds quota. */
export function buildAwaitJob(
  { name, work: awaiting, paths, settings }: AwaitJobInput,
  { cluster, identity }: { cluster: Pick<ClusterOutputs, "images" | "store">; identity: ObjectIdentity },
): ReplicatedJob {
  const work = {
    name: "await",
    image: cluster.images.store,
    command: [awaitCommand],
    args: paths,
    resources: awaitResources,
    store: cluster.store,
    writes: "nothing" as const,
    settings: selectPlacement(settings),
  };
  const spec = buildJobSpec({ identity, work });
  return { name, template: { spec: { ...spec, template: limitWaitingPods(spec.template, awaiting) } } };
}
