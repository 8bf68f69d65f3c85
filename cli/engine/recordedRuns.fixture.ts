import { cellIdAnnotation, stepLabel } from "../../jobs/kube/objectLabels.ts";
import type { RecordedResource } from "./recordedRuns.ts";

export const recordedKubeconfig = "apiVersion: v1\nkind: Config";

/** A provider as `pulumi stack export --show-secrets` prints it. */
export function buildProviderRecord(cluster: string): RecordedResource {
  return {
    urn: "urn:pulumi:mini::mixcpt::pulumi:providers:kubernetes::cluster",
    type: "pulumi:providers:kubernetes",
    id: `${cluster}-id`,
    inputs: {
      clusterIdentifier: `mixcpt-infra/${cluster}`,
      kubeconfig: {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        plaintext: JSON.stringify(recordedKubeconfig),
      },
    },
  };
}

const recordedTypes = {
  Job: { type: "kubernetes:batch/v1:Job", step: "data" },
  TrainJob: { type: "kubernetes:trainer.kubeflow.org/v1alpha1:TrainJob", step: "train" },
  JobSet: { type: "kubernetes:jobset.x-k8s.io/v1alpha2:JobSet", step: "evaluate" },
};

/** A run of the provider `on`. */
export function buildRunRecord(
  kind: keyof typeof recordedTypes,
  name: string,
  { on, cell }: { on: RecordedResource; cell?: string },
): RecordedResource {
  const { type, step } = recordedTypes[kind];
  return {
    urn: `urn:pulumi:mini::mixcpt::${type}::${name}`,
    type,
    id: `mixcpt/${name}`,
    provider: `${on.urn}::${on.id ?? ""}`,
    inputs: {
      metadata: {
        name,
        labels: { [stepLabel]: step },
        annotations: cell === undefined ? {} : { [cellIdAnnotation]: cell },
      },
    },
  };
}
