import type { ClusterConfig, ForeignConfig } from "../../infra/clusterConfig.ts";
import { getControllersOrigin, isForeignCluster } from "../../infra/clusterConfig.ts";
import type { InstalledPlatform, PlatformUse } from "../../infra/platform/platformRequirements.ts";
import { listPlatformProblems } from "../../infra/platform/platformRequirements.ts";
import { readExistingKubeconfig } from "../../infra/existingKubeconfig.ts";
import { connectToApiServer } from "../../plugins/kubernetes/apiConnection.ts";
import { explainClientError } from "../kubernetes/apiErrors.ts";
import { formatCount } from "../terminal/formatList.ts";
import type { GpuNodeReport } from "../../infra/platform/gpuNodeComparison.ts";
import { findUnusableGpuNodes } from "./checkGpuNodes.ts";
import { readInstalledPlatform } from "./installedPlatform.ts";
import { fetchPlatformResources, hasControllers } from "./recordedPlatform.ts";
import type { RecordedResource } from "../engine/recordedRuns.ts";
import { listWithdrawnNodes } from "./withdrawnDevices.ts";

/**
 * Asks an existing cluster what is installed there.
 * @throws Error if the cluster cannot be asked
 */
export async function fetchInstalledPlatform(stack: string, kubeconfig: string): Promise<InstalledPlatform> {
  try {
    return await readInstalledPlatform(
      await connectToApiServer({ kubeconfig, context: undefined, cluster: undefined }),
    );
  } catch (error) {
    throw new Error(explainClientError(stack, error, kubeconfig), { cause: error });
  }
}

function describeUse(config: ForeignConfig, resources: readonly RecordedResource[]): PlatformUse {
  return {
    config: { ...config, controllers: getControllersOrigin(config) },
    ownsControllers: hasControllers(resources),
  };
}

/**
 * Lists what an existing cluster lacks, or has in versions that are too old.
 * @throws Error if the cluster cannot be asked
 */
export async function findPlatformProblems(stack: string, config: ForeignConfig): Promise<string[]> {
  const platform = await fetchInstalledPlatform(stack, readExistingKubeconfig(config));
  return listPlatformProblems(platform, describeUse(config, await fetchPlatformResources(stack)));
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
 * anything is made there. The versions on other clusters are this project's own.
 * @throws Error that lists all of it
 */
export async function refuseOldPlatform(stack: string, config: ClusterConfig): Promise<void> {
  if (!isForeignCluster(config)) return;
  const platform = await fetchInstalledPlatform(stack, readExistingKubeconfig(config));
  const resources = await fetchPlatformResources(stack);
  const parts = listPlatformProblems(platform, describeUse(config, resources));
  // `cluster up` itself takes the devices of these nodes back
  const withdrawn = listWithdrawnNodes(resources, config);
  const nodes = platform.gpuNodes?.filter(({ name }) => !withdrawn.includes(name));
  const refusal = formatPlatformRefusal(stack, parts, findUnusableGpuNodes(nodes, config));
  if (refusal !== undefined) throw new Error(refusal);
}
