import { z } from "zod";
import { infraProject } from "../jobs/kube/clusterIdentity.ts";
import { buildVariantsSchema } from "../validation/completeSchemas.ts";
import { ConfigError } from "../validation/problems.ts";
import { listKeysAt } from "../validation/schemaKeys.ts";
import { translateIssues } from "../validation/zodProblems.ts";
import {
  clusterNetworkSchema,
  devicesSchema,
  imagesSchema,
  packagesSchema,
  preflightSchema,
  rocmSchema,
  servingSchema,
  storeSchema,
} from "./clusterFields.ts";
import { existingClusterSchema, tenantClusterSchema } from "./existingConfig.ts";
import { checkEndpoint, endpointSchema } from "./endpoint.ts";
import { bastionSchema, inventorySchema } from "./inventory.ts";
import { checkMonitoring } from "./monitoring/monitoringConfig.ts";
import { buildPodNetworkField, checkPodNetwork } from "./network/podNetworkConfig.ts";
import { checkPods, clusterPodFields, isolationFields } from "./podConfig.ts";
import { checkQueue, queueMeaning, rackQueueSchema } from "./queueShare.ts";

const platformSchema = z
  .enum(["here", "elsewhere"])
  .default("here")
  .describe("what installs the controllers, the queues and the store: this stack, or another of the kind existing");

/** A network for private use (RFC 1918). */
const localNetworkPattern = /^(10\.(25[0-5]|2[0-4]\d|1?\d?\d)|172\.(1[6-9]|2\d|3[01])|192\.168)\.0\.0\/16$/;

export const defaultLocalNetwork = "10.89.0.0/16";

/** The addresses of which the local hosts of one stack use a /24. */
const localNetworkSchema = z
  .string()
  .regex(localNetworkPattern, "must be a private /16 such as 172.31.0.0/16")
  .default(defaultLocalNetwork);

const localFieldsSchema = z.strictObject({
  kind: z.literal("local").describe("hosts of this machine, for tests and the demo"),
  platform: platformSchema,
  hosts: z.int().min(1).max(8),
  network: localNetworkSchema.describe("the addresses of which these hosts use a /24"),
  podNetwork: buildPodNetworkField("routes"),
  emulated: devicesSchema.describe("the devices that every node reports; they do not exist, so the CPU does the work"),
  ...clusterPodFields,
  ...isolationFields,
  preflight: preflightSchema,
});
const localClusterSchema = checkPodNetwork(checkPods(localFieldsSchema));

const hostsFieldsSchema = z.strictObject({
  kind: z.literal("hosts").describe("machines that are reached by SSH; one or three are control planes"),
  platform: platformSchema,
  machines: inventorySchema,
  endpoint: endpointSchema,
  privateKeyFile: z
    .string()
    .exactOptional()
    .describe("file of the private key that may log in to every machine; the keys of the SSH agent if omitted"),
  bastion: bastionSchema,
  devices: devicesSchema,
  network: clusterNetworkSchema,
  podNetwork: buildPodNetworkField("cilium"),
  store: storeSchema,
  images: imagesSchema,
  packages: packagesSchema,
  serving: servingSchema,
  queue: rackQueueSchema.exactOptional().describe(queueMeaning),
  rocm: rocmSchema
    .optional()
    .describe("AMD's device plugin and node labeller; omitted if something else installs them"),
  ...clusterPodFields,
  ...isolationFields,
  preflight: preflightSchema,
});
const hostsClusterSchema = checkMonitoring(checkQueue(checkEndpoint(checkPodNetwork(checkPods(hostsFieldsSchema)))));

export const clusterConfigSchema = buildVariantsSchema("kind", [
  localClusterSchema,
  hostsClusterSchema,
  existingClusterSchema,
  tenantClusterSchema,
]);
export type ClusterConfig = z.infer<typeof clusterConfigSchema>;
export type LocalConfig = z.infer<typeof localClusterSchema>;
export type HostsConfig = z.infer<typeof hostsClusterSchema>;
export type ExistingConfig = z.infer<typeof existingClusterSchema>;
export type TenantConfig = z.infer<typeof tenantClusterSchema>;
/** A cluster that others run, by its kubeconfig. */
export type ForeignConfig = ExistingConfig | TenantConfig;
export type StoreConfig = z.infer<typeof storeSchema>;

/** True for a cluster whose nodes this stack does not make. */
export function isForeignCluster(config: ClusterConfig): config is ForeignConfig {
  return config.kind === "existing" || config.kind === "tenant";
}

/** True if the stack of a cluster makes its queues, its runtime and its store; otherwise that of another stack does. */
export function makesPlatform(config: ClusterConfig): boolean {
  return !("platform" in config) || config.platform === "here";
}

/** Returns the origin of the controllers on a cluster that others run; a tenant installs none. */
export function getControllersOrigin(config: ForeignConfig): ExistingConfig["controllers"] {
  return config.kind === "tenant" ? "installed" : config.controllers;
}

export const clusterConfigKey = `${infraProject}:cluster` as const;
export const clusterFileSchema = z.object({ [clusterConfigKey]: clusterConfigSchema });

/**
 * Checks the value of `mixcpt-infra:cluster` in a stack's file and fills in its defaults.
 * @throws ConfigError with every problem: file, path, value, what is allowed and what was probably meant
 */
export function parseClusterConfig(value: unknown, file: string): ClusterConfig {
  const input = { [clusterConfigKey]: value };
  const { success, data, error } = clusterFileSchema.safeParse(input);
  if (success) return data[clusterConfigKey];
  throw new ConfigError(
    file,
    translateIssues(error.issues, { input, listAllowedKeys: (path) => listKeysAt(clusterFileSchema, input, path) }),
  );
}
