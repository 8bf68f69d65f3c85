import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { gpuModels, partitionModes } from "../jobs/hardware/gpuCatalog.ts";
import { formatClusterIdentifier, infraProject } from "../jobs/kube/clusterIdentity.ts";
import type { ClusterOutputs } from "../jobs/kube/clusterOutputs.ts";

const clusterOutputsSchema: z.ZodType<ClusterOutputs> = z.object({
  namespace: z.string(),
  store: z.object({ claim: z.string(), mount: z.string() }),
  queues: z.object({ gpu: z.string(), cpu: z.string() }),
  runtime: z.string(),
  images: z.object({ data: z.string(), llamaFactory: z.string(), evaluate: z.string() }),
  hardware: z.object({
    gpu: z.enum(gpuModels),
    partition: z.enum(partitionModes).exactOptional(),
    emulated: z.boolean(),
    devicesPerNode: z.number(),
    nodes: z.number(),
    deviceId: z.string().exactOptional(),
    deviceGroups: z.array(z.number()).exactOptional(),
  }),
});

const clusterOutputNames = ["namespace", "store", "queues", "runtime", "images", "hardware"] as const;

interface ClusterConnection {
  readonly outputs: ClusterOutputs;
  readonly provider: kubernetes.Provider;
}

async function fetchClusterOutputs(reference: pulumi.StackReference): Promise<Record<string, unknown>> {
  const details = await Promise.all(clusterOutputNames.map((name) => reference.getOutputDetails(name)));
  return Object.fromEntries(clusterOutputNames.map((name, index) => [name, details[index]?.value as unknown]));
}

/**
 * Connects to the cluster that a stack of `mixcpt-infra` provisioned.
 * @throws pulumi.RunError if that stack was never brought up, or only by an older version of this project
 */
export async function connectToCluster(stack: string): Promise<ClusterConnection> {
  const reference = new pulumi.StackReference(`organization/${infraProject}/${stack}`);
  const parsed = clusterOutputsSchema.safeParse(await fetchClusterOutputs(reference));
  if (!parsed.success) {
    const missing = [...new Set(parsed.error.issues.map(({ path }) => path.join(".")))].join(", ");
    throw new pulumi.RunError(
      `Stack ${infraProject}/${stack}: does not describe its cluster (missing or invalid outputs: ${missing}); ` +
        `bring it up first (pulumi up -C infra -s ${stack}), or name another stack in mixcpt:cluster`,
    );
  }
  const kubeconfig = reference.requireOutput("kubeconfig") as pulumi.Output<string>;
  const clusterIdentifier = formatClusterIdentifier(stack);
  const provider = new kubernetes.Provider("cluster", { kubeconfig, clusterIdentifier });
  return { outputs: parsed.data, provider };
}
