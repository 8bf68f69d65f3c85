import type { Job, JobSpec } from "kubernetes-types/batch/v1.js";
import type { Container, EnvVar, ResourceRequirements } from "kubernetes-types/core/v1.js";
import type { ObjectMeta } from "kubernetes-types/meta/v1.js";
import type { RuntimeKind } from "./platformNames.ts";

/** A Kubernetes object as plain data. Every manifest has a fixed name, never a generated one. */
export interface NamedObject<ApiVersion extends string = string, Kind extends string = string> {
  readonly apiVersion: ApiVersion;
  readonly kind: Kind;
  readonly metadata: ObjectMeta & { name: string };
}

export interface SpecManifest<
  ApiVersion extends string = string,
  Kind extends string = string,
  Spec = unknown,
> extends NamedObject<ApiVersion, Kind> {
  readonly spec: Spec;
}

export type JobManifest = SpecManifest<"batch/v1", "Job", JobSpec> & Job;

interface FailurePolicyRule {
  readonly name: string;
  readonly action: "FailJobSet" | "RestartJobSet" | "RestartJobSetAndIgnoreMaxRestarts";
  readonly onJobFailureReasons?: readonly string[];
  readonly onJobFailureMessagePatterns?: readonly string[];
}

export interface ReplicatedJob {
  readonly name: string;
  readonly replicas?: number;
  readonly dependsOn?: readonly { name: string; status: "Ready" | "Complete" }[];
  readonly template: { metadata?: ObjectMeta; spec: JobSpec };
}

export interface JobSetSpec {
  readonly ttlSecondsAfterFinished?: number;
  readonly failurePolicy?: {
    maxRestarts: number;
    restartStrategy?: "Recreate" | "BlockingRecreate";
    rules?: readonly FailurePolicyRule[];
  };
  readonly replicatedJobs: readonly ReplicatedJob[];
}

export type JobSetManifest = SpecManifest<"jobset.x-k8s.io/v1alpha2", "JobSet", JobSetSpec>;

export type TrainingRuntimeManifest = SpecManifest<
  "trainer.kubeflow.org/v1alpha1",
  RuntimeKind,
  { mlPolicy: { numNodes: number; torch: Record<string, never> }; template: { spec: JobSetSpec } }
>;

type PatchMetadata = Pick<ObjectMeta, "labels" | "annotations">;

/** The change that a TrainJob makes to a container; the API admits one mount of each volume. */
type ContainerPatch = Pick<Container, "name" | "env" | "volumeMounts">;

/** The changes that a TrainJob makes to its runtime's JobSet: metadata, and environment and mounts of containers. */
export interface ReplicatedJobPatch {
  readonly name: string;
  readonly template: {
    metadata?: PatchMetadata;
    spec: { template: { metadata?: PatchMetadata; spec?: { containers: readonly ContainerPatch[] } } };
  };
}

export type TrainJobManifest = SpecManifest<
  "trainer.kubeflow.org/v1alpha1",
  "TrainJob",
  {
    runtimeRef: { apiGroup: "trainer.kubeflow.org"; kind: RuntimeKind; name: string };
    trainer: {
      image: string;
      env: readonly EnvVar[];
      numNodes: number;
      numProcPerNode: number;
      resourcesPerNode: ResourceRequirements;
    };
    runtimePatches: readonly {
      manager: string;
      trainingRuntimeSpec: {
        template: { metadata: PatchMetadata; spec: { replicatedJobs: readonly ReplicatedJobPatch[] } };
      };
    }[];
  }
>;

export type RunManifest = JobManifest | TrainJobManifest | JobSetManifest;
