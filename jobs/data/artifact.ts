import { stringify } from "yaml";
import type { Hashable } from "../kube/hash.ts";
import { contentHash } from "../kube/hash.ts";
import type { Identity } from "../kube/labels.ts";
import { runMetadata } from "../kube/labels.ts";
import { jobSpec } from "../kube/job.ts";
import type { JobManifest } from "../kube/manifests.ts";
import { dnsName } from "../kube/names.ts";
import type { ClusterOutputs } from "../kube/outputs.ts";
import type { Resources } from "../kube/restrictedPod.ts";

const command = "mixcpt-data";

/** The Declaration is small: what counts is Python and its tokenizer. */
const resources: Resources = { cpu: "500m", memory: "1Gi" };

export interface Recipe {
  /** Verb of `mixcpt-data`. */
  verb: "mixture" | "benchmarks" | "model";
  /** Parts of the object's name, without the hash. */
  name: readonly string[];
  /** Folder of the store, for the content hash to complete: `corpora/bi-stag-`. */
  place: string;
  spec: object;
}

/** Something that is made once and used by whoever names it: a folder of the store and the Job that fills it. */
export interface Artifact {
  /** Absolute path in the pods. It ends in a hash of all that decides its content. */
  path: string;
  hash: string;
  job: JobManifest;
}

/** Names an artifact by its spec and the image that makes it, and writes the Job. */
export function artifact(recipe: Recipe, cluster: ClusterOutputs, stack: string): Artifact {
  const image = cluster.images.data;
  const hash = contentHash({ verb: recipe.verb, spec: recipe.spec, image } satisfies Hashable);
  const path = `${cluster.store.mount}/${recipe.place}${hash}`;
  const identity: Identity = { stack, step: "data" };
  const job = (): JobManifest => ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: runMetadata(dnsName([...recipe.name, hash], "-0-abcde".length), cluster.namespace, identity),
    spec: jobSpec({
      identity,
      queue: cluster.queues.cpu,
      work: {
        name: "data",
        image,
        command: [command],
        args: [recipe.verb],
        env: { MIXCPT_SPEC: stringify({ output: path, ...recipe.spec }) },
        resources,
        store: cluster.store,
      },
    }),
  });
  return {
    path,
    hash,
    get job() {
      return job();
    },
  };
}
