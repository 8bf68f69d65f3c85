import { z } from "zod";

const texts = z.record(z.string(), z.string());

export const tolerationSchema = z.object({
  key: z.string().exactOptional(),
  operator: z.enum(["Exists", "Equal"]).exactOptional(),
  value: z.string().exactOptional(),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).exactOptional(),
  tolerationSeconds: z.int().exactOptional(),
});

/** What trainings and evaluations can write to: their own folder of the store, or all of it. */
export const storeMounts = ["own-folder", "whole"] as const;

/** The user of the pods, as their security context names it. */
export const podUserSchema = z.object({
  runAsUser: z.int().exactOptional(),
  runAsGroup: z.int().exactOptional(),
  fsGroup: z.int().exactOptional(),
  supplementalGroups: z.array(z.int()).exactOptional(),
  /** `whole` lets steps write to all of the store. */
  storeMount: z.enum(storeMounts).exactOptional(),
});
export type PodUser = Readonly<z.infer<typeof podUserSchema>>;

/**
 * Additions of a cluster to the pods of one kind of work, as its outputs hold them: presets are resolved. They say how
 * work is carried out, so that they are part of no name of a result.
 */
export const podSettingsSchema = z.object({
  /** Name of the preset that `env` contains. */
  preset: z.string().exactOptional(),
  env: texts.exactOptional(),
  /** Extended resources and huge pages of a pod, such as `rdma/hca: "1"`. */
  resources: texts.exactOptional(),
  annotations: texts.exactOptional(),
  cpus: z.number().exactOptional(),
  memoryGiB: z.number().exactOptional(),
  /** Size of /dev/shm, a Kubernetes quantity. */
  sharedMemory: z.string().exactOptional(),
  /** Seconds that a training has to save a checkpoint once its pod is told to stop. */
  graceSeconds: z.number().exactOptional(),
  nodeSelector: texts.exactOptional(),
  tolerations: z.array(tolerationSchema).exactOptional(),
  hostNetwork: z.boolean().exactOptional(),
  user: podUserSchema.exactOptional(),
});
export type PodSettings = Readonly<z.infer<typeof podSettingsSchema>>;

export type Toleration = Readonly<z.infer<typeof tolerationSchema>>;

/**
 * Selects the settings that choose a node and the user. Pods that only wait or publish need nothing else of their kind
 * of work.
 */
export function selectPlacement({ nodeSelector, tolerations, user }: PodSettings = {}): PodSettings {
  return { ...(nodeSelector && { nodeSelector }), ...(tolerations && { tolerations }), ...(user && { user }) };
}

/** The settings of all pods of a cluster, by kind of work. */
export const clusterPodsSchema = z.object({
  training: podSettingsSchema.exactOptional(),
  evaluation: podSettingsSchema.exactOptional(),
  data: podSettingsSchema.exactOptional(),
});
export type ClusterPods = Readonly<z.infer<typeof clusterPodsSchema>>;
