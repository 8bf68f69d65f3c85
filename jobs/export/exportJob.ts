import { stringify } from "yaml";
import type { ClusterOutputs } from "../kube/clusterOutputs.ts";
import { computeContentHash } from "../kube/contentHash.ts";
import { buildPodReplacementPolicy } from "../kube/failurePolicies.ts";
import type { JobManifest } from "../kube/manifestTypes.ts";
import { cellIdAnnotation, kindLabel, partOfLabel, queueLabel } from "../kube/objectLabels.ts";
import { buildDnsName, formatSlug } from "../kube/objectNames.ts";
import { cacheVariables } from "../kube/podEnvironment.ts";
import { buildRestrictedPod } from "../kube/restrictedPod.ts";
import { buildHubSecrets } from "../data/hubDownloads.ts";
import type { ExportSpecInput } from "./exportSpec.ts";
import { buildExportSpec, readStep } from "./exportSpec.ts";

/** Name of the Job's container. */
const exportContainer = "export";

/** An attempt after a lost node finds the uploaded files on the hub. */
const exportRetries = 2;
/** Time for which an ended Job stays, for its log. */
const exportLogSeconds = 86_400;

/** A repository of the hub to which the export is uploaded. */
export interface PushTarget {
  readonly repository: string;
  readonly private: boolean;
}

export interface ExportJobInput extends ExportSpecInput {
  readonly cluster: ClusterOutputs;
  readonly push: PushTarget | undefined;
}

/** The largest file of an export, as `mixcpt-export` divides the weights. */
const maxFileBytes = 5e9;

/** The weights of one file in 16 bits, and our assumption of 3 GiB for Python, torch and copies of one tensor. */
function computeExportMemoryGiB({ run }: ExportSpecInput): number {
  const fileBytes = Math.min(maxFileBytes, 2 * run.cell.parts.family.shape.parameters);
  return Math.ceil(3 + (1.1 * fileBytes) / 2 ** 30);
}

/** The folder of an export, which ends in a hash of everything that decides its files. */
export function locateExport(input: ExportJobInput): string {
  const { cluster, run, checkpoint } = input;
  const hash = computeContentHash(buildExportSpec(input));
  return `${cluster.store.mount}/exports/${run.name}-${readStep(checkpoint.path)}-${hash}`;
}

/** The differences between the Jobs of exports. */
interface ExportJobParts {
  /** Name of the cell or the mixture. */
  readonly id: string;
  readonly verb: "model" | "data";
  readonly spec: object;
  readonly memoryGiB: number;
  readonly cluster: ClusterOutputs;
  /** The Secret of an upload; undefined without one. */
  readonly tokenSecret: string | undefined;
}

/**
 * Builds the Job of an export. It belongs to the state of no stack: the folder is the record, and a Job that is created
 * again finds it complete.
 */
export function assembleExportJob({ id, verb, spec, memoryGiB, cluster, tokenSecret }: ExportJobParts): JobManifest {
  const name = buildDnsName(["export", formatSlug(id), computeContentHash(spec)], "-0-abcde".length);
  const labels = { [partOfLabel]: "mixcpt", [kindLabel]: "export" };
  const annotations = { [cellIdAnnotation]: id };
  const pod = buildRestrictedPod({
    name: exportContainer,
    image: cluster.images.llamaFactory,
    command: ["mixcpt-export"],
    args: [verb],
    env: { ...cacheVariables, MIXCPT_SPEC: stringify(spec) },
    ...buildHubSecrets(tokenSecret),
    resources: { cpu: "1", memory: `${String(memoryGiB)}Gi` },
    store: cluster.store,
    avoidsDevices: true,
    // the site's size of data jobs is that of a mixture
    ...(cluster.pods.data && { settings: { ...cluster.pods.data, cpus: 1, memoryGiB } }),
  });
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace: cluster.namespace, labels, annotations },
    spec: {
      completionMode: "Indexed",
      completions: 1,
      parallelism: 1,
      backoffLimitPerIndex: exportRetries,
      podFailurePolicy: buildPodReplacementPolicy(exportContainer),
      ttlSecondsAfterFinished: exportLogSeconds,
      template: {
        metadata: {
          labels: { ...labels, [queueLabel]: cluster.queues.cpu },
          annotations: { ...cluster.pods.data?.annotations, ...annotations },
        },
        spec: pod,
      },
    },
  };
}

/** Builds the Job that writes a checkpoint in 16 bits into the store, and uploads it if `push` is given. */
export function buildExportJob(input: ExportJobInput): JobManifest {
  const { cluster, config, run, push } = input;
  return assembleExportJob({
    id: run.cell.id,
    verb: "model",
    spec: { output: locateExport(input), ...buildExportSpec(input), ...(push && { push }) },
    memoryGiB: computeExportMemoryGiB(input),
    cluster,
    tokenSecret: push && config.tokenSecret,
  });
}
