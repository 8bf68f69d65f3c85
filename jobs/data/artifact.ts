import { stringify } from "yaml";
import { awaitCommand, awaitJobName, awaitResources } from "../kube/await.ts";
import type { Hashable } from "../kube/hash.ts";
import { contentHash } from "../kube/hash.ts";
import type { Identity } from "../kube/labels.ts";
import { runMetadata } from "../kube/labels.ts";
import { jobSpec } from "../kube/job.ts";
import type { JobManifest, JobSetManifest, ReplicatedJob } from "../kube/manifests.ts";
import { dnsName, podSuffixLength } from "../kube/names.ts";
import type { ClusterOutputs } from "../kube/outputs.ts";
import type { Resources, SecretKey, Work } from "../kube/restrictedPod.ts";

/** The Declaration is small: what counts is Python and its tokenizer. */
const small: Resources = { cpu: "500m", memory: "1Gi" };

export interface Recipe {
  /** Program of an image that makes it; `mixcpt-data` where it is left out. */
  by?: { image: string; command: string };
  verb: "mixture" | "benchmarks" | "model" | "download" | "tokenise";
  /** Parts of the object's name, without the hash. */
  name: readonly string[];
  /** Folder of the store, for the content hash to complete: `corpora/bi-stag-`. */
  place: string;
  /** All that decides the content. */
  spec: object;
  resources?: Resources;
  /** The stack to which the object belongs where several may need the same folder: each makes an object of its own,
   * told apart by the hash in its name, and whichever comes second finds the folder COMPLETE. */
  owner?: string;
  /** Variables from Secrets: they open doors and change nothing of what lies behind them. */
  secrets?: Readonly<Record<string, SecretKey>>;
}

/**
 * Something that is made once and used by whoever names it: a folder of the store and the object that fills it.
 * The object is written when it is asked for: an estimate of thousands of cells needs the paths alone.
 */
export interface Artifact<Manifest = JobManifest> {
  /** Absolute path in the pods. It ends in a hash of all that decides its content. */
  path: string;
  hash: string;
  readonly job: Manifest;
}

function place(recipe: Recipe, cluster: ClusterOutputs) {
  const { image, command } = recipe.by ?? { image: cluster.images.data, command: "mixcpt-data" };
  const { verb, spec, owner } = recipe;
  const hash = contentHash({ verb, spec, image } satisfies Hashable);
  const path = `${cluster.store.mount}/${recipe.place}${hash}`;
  const work = (): Work => ({
    name: "data",
    image,
    command: [command],
    args: [verb],
    env: { MIXCPT_SPEC: stringify({ output: path, ...spec }) },
    ...(recipe.secrets && { secrets: recipe.secrets }),
    resources: recipe.resources ?? small,
    store: cluster.store,
  });
  const name = (): string[] => [...recipe.name, owner === undefined ? hash : contentHash({ owner, hash })];
  return { hash, path, image, work, name };
}

/** Names an artifact by its spec and the image that makes it, and writes the Job. */
export function artifact(recipe: Recipe, cluster: ClusterOutputs, stack: string): Artifact {
  const { hash, path, work, name } = place(recipe, cluster);
  const identity: Identity = { stack, step: "data" };
  return {
    path,
    hash,
    get job(): JobManifest {
      return {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: runMetadata(dnsName(name(), "-0-abcde".length), cluster.namespace, identity),
        spec: jobSpec({ identity, queue: cluster.queues.cpu, work: work() }),
      };
    },
  };
}

function awaitJob(paths: readonly string[], image: string, { cluster, identity }: { cluster: ClusterOutputs; identity: Identity }): ReplicatedJob {
  const work: Work = { name: "await", image, command: [awaitCommand], args: paths, resources: awaitResources, store: cluster.store };
  return { name: awaitJobName, template: { spec: jobSpec({ identity, work }) } };
}

/** The same for what is made of other artifacts: a JobSet that waits for them without holding a place in a queue. */
export function artifactOf(recipe: Recipe & { from: readonly string[] }, cluster: ClusterOutputs, stack: string): Artifact<JobSetManifest> {
  const { hash, path, image, work, name } = place(recipe, cluster);
  const identity: Identity = { stack, step: "data" };
  const { verb } = recipe;
  return {
    path,
    hash,
    get job(): JobSetManifest {
      const template = { spec: jobSpec({ identity, queue: cluster.queues.cpu, work: work() }) };
      return {
        apiVersion: "jobset.x-k8s.io/v1alpha2",
        kind: "JobSet",
        metadata: runMetadata(dnsName(name(), podSuffixLength(verb)), cluster.namespace, identity),
        spec: {
          replicatedJobs: [awaitJob(recipe.from, image, { cluster, identity }), { name: verb, dependsOn: [{ name: awaitJobName, status: "Complete" }], template }],
        },
      };
    },
  };
}
