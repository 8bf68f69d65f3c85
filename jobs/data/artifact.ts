import { stringify } from "yaml";
import { awaitJobName, buildAwaitJob } from "../kube/awaitJob.ts";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import type { Hashable } from "../kube/contentHash.ts";
import { computeContentHash } from "../kube/contentHash.ts";
import { buildJobSpec } from "../kube/jobSpec.ts";
import type { JobManifest, JobSetManifest } from "../kube/manifestTypes.ts";
import type { ObjectIdentity } from "../kube/objectLabels.ts";
import { buildRunMetadata } from "../kube/objectLabels.ts";
import { buildHashedName, computePodSuffixLength } from "../kube/objectNames.ts";
import type { PodSettings } from "../kube/podSettings.ts";
import type { PodResources, PodSpecInput, SecretKey } from "../kube/restrictedPod.ts";

/** Resources for the miniature: the Declaration is small, so Python and its tokenizer dominate. */
const defaultResources: PodResources = { cpu: "500m", memory: "1Gi" };

/** The cluster that artifacts are built on, and the stack that needs them. */
export interface ArtifactContext {
  readonly cluster: ClusterOutputs;
  readonly stack: string;
}

interface ArtifactSpec {
  /** Image and command that build the artifact; by default `mixcpt-data` of the data image. */
  readonly program?: { image: string; command: string };
  readonly verb: "mixture" | "benchmarks" | "model" | "download" | "tokenise";
  /** Parts of the object's name, without the hash. */
  readonly name: readonly string[];
  /** Path in the store up to the content hash, like `corpora/bi-stag-`. */
  readonly pathPrefix: string;
  /** Everything that determines the content, beside the code that computes it. */
  readonly spec: object;
  /** Checks and licenses of the content, which do not change it and therefore not its hash. */
  readonly checks?: object;
  readonly resources?: PodResources;
  /**
   * The stack that owns the object, if several stacks may need the same folder. Each stack then has a separate object,
   * with a hash in its name that differs, and the second one finds the folder COMPLETE.
   */
  readonly owner?: string;
  /** Variables from Secrets. They grant access but do not affect the content. */
  readonly secrets?: Readonly<Record<string, SecretKey>>;
}

/**
 * A folder of the store that is built once and used by any number of consumers, with the object that builds it. The
 * manifest is built on access, because an estimate of thousands of cells needs only the paths.
 */
export interface Artifact<Manifest = JobManifest> {
  /** Absolute path in the pods, which ends in a hash of everything that determines the content. */
  readonly path: string;
  readonly hash: string;
  readonly job: Manifest;
}

/** Selects the settings of a job: cores and memory are meant for large ones, which have requests of their own. */
function selectDataSettings({ resources }: ArtifactSpec, { cpus, memoryGiB, ...settings }: PodSettings): PodSettings {
  const isLarge = resources !== undefined;
  return {
    ...settings,
    ...(isLarge && cpus !== undefined && { cpus }),
    ...(isLarge && memoryGiB !== undefined && { memoryGiB }),
  };
}

function resolveArtifact(artifact: ArtifactSpec, cluster: ClusterOutputs) {
  const { image, command } = artifact.program ?? { image: cluster.images.data, command: "mixcpt-data" };
  const { verb, spec, owner } = artifact;
  // a download is the same with any code
  const code = verb === "download" ? undefined : cluster.code[verb];
  const hash = computeContentHash({ verb, spec, code } satisfies Hashable);
  const path = `${cluster.store.mount}/${artifact.pathPrefix}${hash}`;
  const buildWork = (): PodSpecInput => ({
    name: "data",
    image,
    command: [command],
    args: [verb],
    env: { MIXCPT_SPEC: stringify({ output: path, ...spec, ...artifact.checks }) },
    ...(artifact.secrets && { secrets: artifact.secrets }),
    resources: artifact.resources ?? defaultResources,
    store: cluster.store,
    avoidsDevices: true,
    ...(cluster.pods.data && { settings: selectDataSettings(artifact, cluster.pods.data) }),
  });
  const buildNameParts = (): string[] => [
    ...artifact.name,
    owner === undefined ? hash : computeContentHash({ owner, hash }),
  ];
  const computedBy = code === undefined ? {} : { computedBy: { code } };
  return { hash, path, computedBy, buildWork, buildNameParts };
}

/** Builds an artifact that one Job makes. */
export function buildJobArtifact(artifact: ArtifactSpec, { cluster, stack }: ArtifactContext): Artifact {
  const { hash, path, computedBy, buildWork, buildNameParts } = resolveArtifact(artifact, cluster);
  const identity: ObjectIdentity = { stack, step: "data", ...computedBy };
  return {
    path,
    hash,
    get job(): JobManifest {
      return {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: buildRunMetadata(buildHashedName(buildNameParts(), "-0-abcde".length), cluster.namespace, identity),
        spec: buildJobSpec({ identity, queue: cluster.queues.cpu, work: buildWork() }),
      };
    },
  };
}

/** Builds an artifact made from other artifacts: a JobSet waits for them without holding quota of a queue. */
export function buildDependentArtifact(
  artifact: ArtifactSpec & { verb: "mixture" | "tokenise"; from: readonly string[] },
  { cluster, stack }: ArtifactContext,
): Artifact<JobSetManifest> {
  const { hash, path, computedBy, buildWork, buildNameParts } = resolveArtifact(artifact, cluster);
  const identity: ObjectIdentity = { stack, step: "data", ...computedBy };
  const { verb } = artifact;
  return {
    path,
    hash,
    get job(): JobSetManifest {
      const name = buildHashedName(buildNameParts(), computePodSuffixLength(verb));
      const template = { spec: buildJobSpec({ identity, queue: cluster.queues.cpu, work: buildWork() }) };
      return {
        apiVersion: "jobset.x-k8s.io/v1alpha2",
        kind: "JobSet",
        metadata: buildRunMetadata(name, cluster.namespace, identity),
        spec: {
          replicatedJobs: [
            buildAwaitJob(
              { name: awaitJobName, work: verb, paths: artifact.from, settings: cluster.pods.data },
              { cluster, identity },
            ),
            { name: verb, dependsOn: [{ name: awaitJobName, status: "Complete" }], template },
          ],
        },
      };
    },
  };
}
