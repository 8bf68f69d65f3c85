import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { gpuModels } from "../jobs/hardware/gpuCatalog.ts";
import type { ClusterOutputs } from "../jobs/kube/clusterOutputs.ts";

const infraProject = "mixcpt-infra";

const clusterOutputsSchema: z.ZodType<ClusterOutputs> = z.object({
  namespace: z.string(),
  store: z.object({ claim: z.string(), mount: z.string() }),
  queues: z.object({ gpu: z.string(), cpu: z.string() }),
  runtime: z.string(),
  images: z.object({ data: z.string(), llamaFactory: z.string(), evaluate: z.string() }),
  hardware: z.object({
    gpu: z.enum(gpuModels),
    emulated: z.boolean(),
    devicesPerNode: z.number(),
    nodes: z.number(),
    deviceId: z.string().exactOptional(),
    deviceGroups: z.array(z.number()).exactOptional(),
  }),
});

const clusterOutputNames = ["namespace", "store", "queues", "runtime", "images", "hardware"] as const;

export interface ClusterConnection {
  readonly outputs: ClusterOutputs;
  readonly provider: kubernetes.Provider;
}

async function fetchClusterOutputs(reference: pulumi.StackReference): Promise<Record<string, unknown>> {
  const details = await Promise.all(clusterOutputNames.map((name) => reference.getOutputDetails(name)));
  return Object.fromEntries(clusterOutputNames.map((name, index) => [name, details[index]?.value as unknown]));
}

/**
 * The cluster that a stack of `mixcpt-infra` made.
 * @throws pulumi.RunError if that stack was never brought up, or by an older version of this project.
 */
export async function connectToCluster(stack: string): Promise<ClusterConnection> {
  const reference = new pulumi.StackReference(`organization/${infraProject}/${stack}`);
  const parsed = clusterOutputsSchema.safeParse(await fetchClusterOutputs(reference));
  if (!parsed.success) {
    const missing = [...new Set(parsed.error.issues.map(({ path }) => path.join(".")))].join(", ");
    const fix = `bring it up first (pulumi up -C infra -s ${stack}), or name another one in mixcpt:cluster`;
    throw new pulumi.RunError(`Stack ${infraProject}/${stack} does not say what its cluster is (${missing}): ${fix}`);
  }
  const kubeconfig = reference.requireOutput("kubeconfig") as pulumi.Output<string>;
  // The stack of infra/ says which cluster it is, not the kubeconfig: with another address or certificate authority of the
  // same cluster Pulumi would submit every run again and delete the one that is going on.
  const provider = new kubernetes.Provider("cluster", { kubeconfig, clusterIdentifier: `${infraProject}/${stack}` });
  return { outputs: parsed.data, provider };
}
