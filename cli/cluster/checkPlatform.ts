import type { ClusterConfig, ForeignConfig } from "../../infra/clusterConfig.ts";
import { getControllersOrigin, isForeignCluster } from "../../infra/clusterConfig.ts";
import type { InstalledPlatform, PlatformUse } from "../../infra/platform/platformRequirements.ts";
import { listPlatformProblems, listTenantNotes } from "../../infra/platform/platformRequirements.ts";
import { listQueueNotes } from "../../infra/platform/queueRequirements.ts";
import { readExistingKubeconfig } from "../../infra/existingKubeconfig.ts";
import type { ApiConnection } from "../../plugins/kubernetes/apiConnection.ts";
import { connectToApiServer } from "../../plugins/kubernetes/apiConnection.ts";
import { explainClientError } from "../kubernetes/apiErrors.ts";
import { formatCount } from "../terminal/formatList.ts";
import type { GpuNodeReport } from "../../infra/platform/gpuNodeComparison.ts";
import { findUnusableGpuNodes } from "./checkGpuNodes.ts";
import type { LinePrinter } from "../terminal/printLine.ts";
import { readInstalledPlatform } from "./installedPlatform.ts";
import { listMovedPlatform } from "./movedPlatform.ts";
import { listTenantProblems } from "./tenantObjects.ts";
import { fetchPlatformResources, hasControllers } from "./recordedPlatform.ts";
import type { RecordedResource } from "../engine/recordedRuns.ts";
import { listWithdrawnNodes } from "./withdrawnDevices.ts";

/**
 * Asks an existing cluster what is installed there.
 * @throws Error if the cluster cannot be asked
 */
export async function fetchInstalledPlatform(stack: string, kubeconfig: string): Promise<InstalledPlatform> {
  return askCluster(stack, kubeconfig, readInstalledPlatform);
}

async function askCluster<Answer>(
  stack: string,
  kubeconfig: string,
  ask: (connection: ApiConnection) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask(await connectToApiServer({ kubeconfig, context: undefined, cluster: undefined }));
  } catch (error) {
    throw new Error(explainClientError(stack, error, kubeconfig), { cause: error });
  }
}

/** Lists what is missing in the namespace of a tenant; empty for another cluster. */
async function findTenantProblems(
  stack: string,
  config: ForeignConfig,
  { kinds }: InstalledPlatform,
): Promise<string[]> {
  if (config.kind !== "tenant") return [];
  const versions = kinds["clusterqueues.kueue.x-k8s.io"]?.map(({ name }) => name) ?? [];
  const kueue = versions.length === 0 || versions.includes("v1beta2") ? "v1beta2" : "v1beta1";
  return askCluster(stack, readExistingKubeconfig(config), (connection) =>
    listTenantProblems(connection, { kueue, config }),
  );
}

function describeUse(config: ForeignConfig, resources: readonly RecordedResource[]): PlatformUse {
  const { queue, ...fields } = config;
  // that of a tenant is a name
  const share = typeof queue === "object" ? { queue } : {};
  return {
    config: { ...fields, ...share, controllers: getControllersOrigin(config) },
    ownsControllers: hasControllers(resources),
    isTenant: config.kind === "tenant",
  };
}

/**
 * Lists what an existing cluster lacks, or has in versions that are too old.
 * @throws Error if the cluster cannot be asked
 */
export async function findPlatformProblems(stack: string, config: ForeignConfig): Promise<string[]> {
  const platform = await fetchInstalledPlatform(stack, readExistingKubeconfig(config));
  return [
    ...listPlatformProblems(platform, describeUse(config, await fetchPlatformResources(stack))),
    ...(await findTenantProblems(stack, config, platform)),
  ];
}

/** Lists the lines below a heading, which is omitted without lines. */
function formatSection(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [heading, ...lines.map((line) => `  ${line}`)];
}

/** Formats what must change on an existing cluster before it can be used; undefined if nothing must. */
export function formatPlatformRefusal(
  stack: string,
  parts: readonly string[],
  gpuNodes: GpuNodeReport | undefined,
): string | undefined {
  if (parts.length === 0 && gpuNodes === undefined) return undefined;
  return [
    `cluster ${stack} cannot be used yet, and nothing was changed`,
    ...formatSection(`${formatCount(parts.length, "part")} must change first:`, parts),
    ...(gpuNodes === undefined ? [] : formatSection(gpuNodes.shortage ?? "", gpuNodes.misfits)),
  ].join("\n");
}

/**
 * Refuses an existing cluster on which something is missing or too old, or no GPU node can be as the file says, before
 * anything is made there. The versions on other clusters are this project's own. Prints what a tenant does without.
 * @throws Error that lists all of it
 */
export async function refuseOldPlatform(stack: string, config: ClusterConfig, print: LinePrinter): Promise<void> {
  if (!isForeignCluster(config)) return;
  const platform = await fetchInstalledPlatform(stack, readExistingKubeconfig(config));
  const resources = await fetchPlatformResources(stack);
  const parts = [
    ...listMovedPlatform(resources, { stack, config }),
    ...listPlatformProblems(platform, describeUse(config, resources)),
    ...(await findTenantProblems(stack, config, platform)),
  ];
  // `cluster up` itself takes the devices of these nodes back
  const withdrawn = listWithdrawnNodes(resources, config);
  const nodes = platform.gpuNodes?.filter(({ name }) => !withdrawn.includes(name));
  const refusal = formatPlatformRefusal(stack, parts, findUnusableGpuNodes(nodes, config));
  if (refusal !== undefined) throw new Error(refusal);
  const notes =
    config.kind === "tenant"
      ? listTenantNotes(platform, config)
      : listQueueNotes(platform, describeUse(config, resources));
  for (const note of notes) print(`  note: ${note}`);
}
