import { z } from "zod";
import { deviceIdLabel, deviceResource } from "../../jobs/hardware/gpuCatalog.ts";
import type { GpuNode } from "../../infra/platform/gpuNodeComparison.ts";
import type { InstalledPlatform, ServedVersion } from "../../infra/platform/platformRequirements.ts";
import { hasFairSharing, queueConfigKey, queueConfigName } from "../../infra/platform/fairSharing.ts";
import { controllerRequirements } from "../../infra/platform/platformRequirements.ts";
import { hasPodIntegration } from "../../infra/platform/queueRequirements.ts";
import type { QueueSettings } from "../../infra/platform/queueRequirements.ts";
import type { ApiConnection } from "../../plugins/kubernetes/apiConnection.ts";
import { readPath } from "./apiReading.ts";

const versionSchema = z.object({ gitVersion: z.string() });

const kindDefinitionSchema = z.object({
  spec: z.object({ versions: z.array(z.object({ name: z.string(), served: z.boolean(), schema: z.unknown() })) }),
});

const podOwnersSchema = z.object({
  items: z.array(
    z.object({
      spec: z.object({
        template: z.object({ spec: z.object({ containers: z.array(z.object({ image: z.string() })) }) }),
      }),
    }),
  ),
});

const taintSchema = z.object({ key: z.string(), value: z.string().optional(), effect: z.string() });

const nodesSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
      spec: z
        .object({ taints: z.array(taintSchema).default([]), unschedulable: z.boolean().default(false) })
        .default({ taints: [], unschedulable: false }),
      status: z.object({
        capacity: z.record(z.string(), z.string()).default({}),
        allocatable: z.record(z.string(), z.string()).default({}),
        conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
      }),
    }),
  ),
});

type NodeBody = z.infer<typeof nodesSchema>["items"][number];

const apiGroupSchema = z.object({ versions: z.array(z.object({ version: z.string() })) });
const apiResourcesSchema = z.object({ resources: z.array(z.object({ name: z.string() })) });

/** Reads a version of a kind as every user may: from the list of kinds and the OpenAPI document of the version. */
async function discoverVersion(
  connection: ApiConnection,
  { plural, group, version }: Readonly<Record<"plural" | "group" | "version", string>>,
): Promise<ServedVersion[]> {
  const { data } = apiResourcesSchema.safeParse(await readPath(connection, `/apis/${group}/${version}`));
  if (data?.resources.some(({ name }) => name === plural) !== true) return [];
  const schema = await readPath(connection, `/openapi/v3/apis/${group}/${version}`);
  return [{ name: version, schema: JSON.stringify(schema ?? {}) }];
}

/** Discovers the versions of a kind without the right to read its definition; undefined if even that is refused. */
async function discoverVersions(connection: ApiConnection, kind: string): Promise<ServedVersion[] | undefined> {
  const [plural = "", ...rest] = kind.split(".");
  const group = rest.join(".");
  const found = await readPath(connection, `/apis/${group}`);
  if (found === null) return [];
  const { data } = apiGroupSchema.safeParse(found);
  const versions = data?.versions.map(({ version }) => discoverVersion(connection, { plural, group, version }));
  return versions && (await Promise.all(versions)).flat();
}

async function readServedVersions(connection: ApiConnection, kind: string): Promise<ServedVersion[] | undefined> {
  const definition = await readPath(connection, `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${kind}`);
  if (definition === null) return [];
  if (definition === undefined) return discoverVersions(connection, kind);
  const { data } = kindDefinitionSchema.safeParse(definition);
  return data?.spec.versions
    .filter(({ served }) => served)
    .map(({ name, schema }) => ({ name, schema: JSON.stringify(schema ?? {}) }));
}

async function listImages(connection: ApiConnection): Promise<string[] | undefined> {
  const lists = await Promise.all(
    ["deployments", "daemonsets"].map((kind) => readPath(connection, `/apis/apps/v1/${kind}`)),
  );
  const images = lists.flatMap(
    (list) =>
      podOwnersSchema
        .safeParse(list)
        .data?.items.flatMap(({ spec }) => spec.template.spec.containers.map(({ image }) => image)) ?? [],
  );
  return lists.includes(undefined) ? undefined : images;
}

/** The label without its prefix and suffix: older labelers write `beta.`, and several ids have a label each. */
function isDeviceIdLabel(label: string): boolean {
  return label.replace(/^beta\./, "").startsWith(deviceIdLabel);
}

function hasDevices({ metadata: { labels }, status: { capacity } }: NodeBody): boolean {
  return Number(capacity[deviceResource] ?? 0) > 0 || Object.keys(labels).some(isDeviceIdLabel);
}

function readNodeState({ spec, status: { conditions } }: NodeBody): GpuNode["state"] {
  if (spec.unschedulable) return "cordoned";
  return conditions.some(({ type, status }) => type === "Ready" && status !== "True") ? "not ready" : "ready";
}

function convertGpuNode(node: NodeBody): GpuNode {
  const { metadata, spec, status } = node;
  return {
    name: metadata.name,
    labels: metadata.labels,
    taints: spec.taints,
    devices: Number(status.allocatable[deviceResource] ?? 0),
    allocatable: status.allocatable,
    state: readNodeState(node),
  };
}

/** Reads the nodes that have AMD devices; undefined if the user may not. */
export async function readGpuNodes(connection: ApiConnection): Promise<GpuNode[] | undefined> {
  const { data } = nodesSchema.safeParse(await readPath(connection, "/api/v1/nodes"));
  return data?.items.filter(hasDevices).map(convertGpuNode);
}

const configMapsSchema = z.object({ items: z.array(z.object({ data: z.record(z.string(), z.string()).default({}) })) });

/** Reads Kueue's settings; nothing if the user may not read its configuration or it has another name. */
async function readQueueSettings(connection: ApiConnection): Promise<QueueSettings> {
  const path = `/api/v1/configmaps?fieldSelector=metadata.name%3D${queueConfigName}`;
  const { data } = configMapsSchema.safeParse(await readPath(connection, path));
  const configurations = data?.items.flatMap((map) => map.data[queueConfigKey] ?? []) ?? [];
  if (configurations.length === 0) return {};
  return { sharesFairly: configurations.some(hasFairSharing), queuesPods: configurations.some(hasPodIntegration) };
}

/** Asks a cluster for the versions of its Kubernetes and of the controllers that this project uses. */
export async function readInstalledPlatform(connection: ApiConnection): Promise<InstalledPlatform> {
  const kinds = controllerRequirements.map(({ kind }) => kind);
  const [version, versions, images, queueSettings, gpuNodes] = await Promise.all([
    readPath(connection, "/version"),
    Promise.all(kinds.map((kind) => readServedVersions(connection, kind))),
    listImages(connection),
    readQueueSettings(connection),
    readGpuNodes(connection),
  ]);
  return {
    kubernetes: versionSchema.safeParse(version).data?.gitVersion,
    kinds: Object.fromEntries(kinds.map((kind, index) => [kind, versions[index]])),
    images,
    ...queueSettings,
    gpuNodes,
  };
}
