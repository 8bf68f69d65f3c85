import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { gpuModels, partitionModes } from "../jobs/hardware/gpuCatalog.ts";
import { networkSchema } from "../jobs/hardware/network.ts";
import { formatClusterIdentifier, infraProject } from "../jobs/kube/clusterIdentity.ts";
import type { ClusterOutputs } from "../jobs/kube/clusterOutputs.ts";
import { platformVersion } from "../jobs/kube/clusterOutputs.ts";
import { computations, computingCodeSchema } from "../jobs/kube/computingCode.ts";
import { platformNames, runtimeKinds } from "../jobs/kube/platformNames.ts";
import { clusterPodsSchema } from "../jobs/kube/podSettings.ts";
import { servingSettingsSchema } from "../jobs/kube/servingSettings.ts";

/** Clusters that were brought up before names could differ have the default ones. */
const clusterOutputsSchema = z.object({
  namespace: z.string(),
  store: z.object({ claim: z.string(), mount: z.string() }),
  queues: z.object({ gpu: z.string(), cpu: z.string() }),
  runtime: z.string(),
  runtimeKind: z.enum(runtimeKinds).default(platformNames.runtimeKind),
  account: z.string().default(platformNames.account),
  priorityPrefix: z.string().default(platformNames.priorityPrefix),
  images: z.object({ data: z.string(), llamaFactory: z.string(), evaluate: z.string(), store: z.string() }),
  code: z.record(z.enum(computations), computingCodeSchema),
  hardware: z.object({
    gpu: z.enum(gpuModels),
    partition: z.enum(partitionModes).exactOptional(),
    emulated: z.boolean(),
    devicesPerNode: z.number(),
    nodes: z.number(),
    deviceId: z.string().exactOptional(),
    deviceGroups: z.array(z.number()).exactOptional(),
    requiresPreflight: z.literal(true).exactOptional(),
    network: networkSchema.exactOptional(),
  }),
  pods: clusterPodsSchema,
  serving: servingSettingsSchema.exactOptional(),
  platformVersion: z.number().min(platformVersion),
}) satisfies z.ZodType<ClusterOutputs>;

/** The outputs of a cluster's stack that experiments read, besides its kubeconfig. */
export const clusterOutputNames: readonly string[] = Object.keys(clusterOutputsSchema.shape);

interface ClusterConnection {
  readonly outputs: ClusterOutputs;
  readonly provider: kubernetes.Provider;
}

async function fetchClusterOutputs(reference: pulumi.StackReference): Promise<Record<string, unknown>> {
  const details = await Promise.all(clusterOutputNames.map((name) => reference.getOutputDetails(name)));
  const outputs = clusterOutputNames.map((name, index) => [name, details[index]?.value as unknown] as const);
  return Object.fromEntries(outputs.filter(([, value]) => value !== undefined));
}

/** Returns a kubeconfig of a cluster that is newer than the recorded one; undefined if there is none. */
export type KubeconfigReader = (cluster: string) => string | undefined;

/**
 * Parses the outputs of a cluster's stack.
 * @throws pulumi.RunError if that stack was never brought up, or only by an older version of this project
 */
export function parseClusterOutputs(stack: string, values: Readonly<Record<string, unknown>>): ClusterOutputs {
  const parsed = clusterOutputsSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  const missing = [...new Set(parsed.error.issues.map(({ path }) => path.join(".")))].join(", ");
  throw new pulumi.RunError(
    `Stack ${infraProject}/${stack}: was not brought up by this version of the project (missing or outdated outputs: ` +
      `${missing}); run ./mixcpt cluster up ${stack} first, or name another stack in mixcpt:cluster`,
  );
}

/**
 * Connects to the cluster that a stack of `mixcpt-infra` provisioned. That stack belongs to the organization of this
 * one: on Pulumi Cloud a user's or a team's, in all other backends `organization`.
 * @throws pulumi.RunError if that stack was never brought up, or only by an older version of this project
 */
export async function connectToCluster(stack: string, readNewer?: KubeconfigReader): Promise<ClusterConnection> {
  const reference = new pulumi.StackReference(`${pulumi.getOrganization()}/${infraProject}/${stack}`);
  const outputs = parseClusterOutputs(stack, await fetchClusterOutputs(reference));
  const recorded = reference.requireOutput("kubeconfig") as pulumi.Output<string>;
  const newer = readNewer?.(stack);
  const kubeconfig = newer === undefined ? recorded : pulumi.secret(newer);
  const clusterIdentifier = formatClusterIdentifier(stack);
  const provider = new kubernetes.Provider("cluster", { kubeconfig, clusterIdentifier });
  return { outputs, provider };
}
