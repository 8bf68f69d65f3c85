import { stringify } from "yaml";
import { awaitCommand, awaitJobName, awaitResources } from "../kube/awaitJob.ts";
import type { Hashable } from "../kube/contentHash.ts";
import { computeContentHash } from "../kube/contentHash.ts";
import type { ObjectIdentity } from "../kube/objectLabels.ts";
import { buildRunMetadata } from "../kube/objectLabels.ts";
import { buildJobSpec } from "../kube/jobSpec.ts";
import type { JobManifest, JobSetManifest, ReplicatedJob } from "../kube/manifestTypes.ts";
import { buildDnsName, computePodSuffixLength } from "../kube/objectNames.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import type { PodResources, SecretKey, PodSpecInput } from "../kube/restrictedPod.ts";

/** The Declaration is small: what counts is Python and its tokenizer. */
const defaultResources: PodResources = { cpu: "500m", memory: "1Gi" };

export interface ArtifactSpec {
  /** Program of an image that makes it; `mixcpt-data` where it is left out. */
  readonly program?: { image: string; command: string };
  readonly verb: "mixture" | "benchmarks" | "model" | "download" | "tokenise";
  /** Parts of the object's name, without the hash. */
  readonly name: readonly string[];
  /** Folder of the store, for the content hash to complete: `corpora/bi-stag-`. */
  readonly pathPrefix: string;
  /** All that decides the content. */
  readonly spec: object;
  readonly resources?: PodResources;
  /** The stack to which the object belongs where several may need the same folder: each makes an object of its own,
   * told apart by the hash in its name, and whichever comes second finds the folder COMPLETE. */
  readonly owner?: string;
  /** Variables from Secrets: they open doors and change nothing of what lies behind them. */
  readonly secrets?: Readonly<Record<string, SecretKey>>;
}

/**
 * Something that is made once and used by whoever names it: a folder of the store and the object that fills it.
 * The object is written when it is asked for: an estimate of thousands of cells needs the paths alone.
 */
export interface Artifact<Manifest = JobManifest> {
  /** Absolute path in the pods. It ends in a hash of all that decides its content. */
  readonly path: string;
  readonly hash: string;
  readonly job: Manifest;
}

function resolveArtifact(recipe: ArtifactSpec, cluster: ClusterOutputs) {
  const { image, command } = recipe.program ?? { image: cluster.images.data, command: "mixcpt-data" };
  const { verb, spec, owner } = recipe;
  const hash = computeContentHash({ verb, spec, image } satisfies Hashable);
  const path = `${cluster.store.mount}/${recipe.pathPrefix}${hash}`;
  const buildWork = (): PodSpecInput => ({
    name: "data",
    image,
    command: [command],
    args: [verb],
    env: { MIXCPT_SPEC: stringify({ output: path, ...spec }) },
    ...(recipe.secrets && { secrets: recipe.secrets }),
    resources: recipe.resources ?? defaultResources,
    store: cluster.store,
  });
  const name = (): string[] => [...recipe.name, owner === undefined ? hash : computeContentHash({ owner, hash })];
  return { hash, path, image, work: buildWork, name };
}

/** Names an artifact by its spec and the image that makes it, and writes the Job. */
export function buildJobArtifact(recipe: ArtifactSpec, cluster: ClusterOutputs, stack: string): Artifact {
  const { hash, path, work, name } = resolveArtifact(recipe, cluster);
  const identity: ObjectIdentity = { stack, step: "data" };
  return {
    path,
    hash,
    get job(): JobManifest {
      return {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: buildRunMetadata(buildDnsName(name(), "-0-abcde".length), cluster.namespace, identity),
        spec: buildJobSpec({ identity, queue: cluster.queues.cpu, work: work() }),
      };
    },
  };
}

function buildArtifactAwaitJob(
  paths: readonly string[],
  image: string,
  { cluster, identity }: { cluster: ClusterOutputs; identity: ObjectIdentity },
): ReplicatedJob {
  const work: PodSpecInput = {
    name: "await",
    image,
    command: [awaitCommand],
    args: paths,
    resources: awaitResources,
    store: cluster.store,
  };
  return { name: awaitJobName, template: { spec: buildJobSpec({ identity, work }) } };
}

/** The same for what is made of other artifacts: a JobSet that waits for them without holding a place in a queue. */
export function buildDependentArtifact(
  recipe: ArtifactSpec & { from: readonly string[] },
  cluster: ClusterOutputs,
  stack: string,
): Artifact<JobSetManifest> {
  const { hash, path, image, work, name } = resolveArtifact(recipe, cluster);
  const identity: ObjectIdentity = { stack, step: "data" };
  const { verb } = recipe;
  return {
    path,
    hash,
    get job(): JobSetManifest {
      const template = { spec: buildJobSpec({ identity, queue: cluster.queues.cpu, work: work() }) };
      return {
        apiVersion: "jobset.x-k8s.io/v1alpha2",
        kind: "JobSet",
        metadata: buildRunMetadata(buildDnsName(name(), computePodSuffixLength(verb)), cluster.namespace, identity),
        spec: {
          replicatedJobs: [
            buildArtifactAwaitJob(recipe.from, image, { cluster, identity }),
            { name: verb, dependsOn: [{ name: awaitJobName, status: "Complete" }], template },
          ],
        },
      };
    },
  };
}
