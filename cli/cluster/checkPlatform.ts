import type { ClusterConfig, ExistingConfig } from "../../infra/clusterConfig.ts";
import type { InstalledPlatform } from "../../infra/platform/platformRequirements.ts";
import { listPlatformProblems } from "../../infra/platform/platformRequirements.ts";
import { readExistingKubeconfig } from "../../infra/existingKubeconfig.ts";
import { connectToApiServer } from "../../plugins/kubernetes/apiConnection.ts";
import { explainClientError } from "../kubernetes/apiErrors.ts";
import { formatCount } from "../terminal/formatList.ts";
import { listGpuNodeRefusals } from "./checkGpuNodes.ts";
import { readInstalledPlatform } from "./installedPlatform.ts";
import { fetchPlatformResources, hasControllers } from "./recordedPlatform.ts";

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

/**
 * Lists what an existing cluster lacks, or has in versions that are too old, and GPU nodes on which nothing could run.
 * @throws Error if the cluster cannot be asked
 */
export async function findPlatformProblems(stack: string, config: ExistingConfig): Promise<string[]> {
  const platform = await fetchInstalledPlatform(stack, readExistingKubeconfig(config));
  const ownsControllers = hasControllers(await fetchPlatformResources(stack));
  return [
    ...listPlatformProblems(platform, { config, ownsControllers }),
    ...listGpuNodeRefusals(platform.gpuNodes, config),
  ];
}

/**
 * Refuses an existing cluster on which something is missing or too old, or no GPU node is as the file says, before
 * anything is made there. The versions on other clusters are this project's own.
 * @throws Error that lists all of it
 */
export async function refuseOldPlatform(stack: string, config: ClusterConfig): Promise<void> {
  if (config.kind !== "existing") return;
  const problems = await findPlatformProblems(stack, config);
  if (problems.length === 0) return;
  const count = formatCount(problems.length, "part");
  const lines = problems.map((problem) => `  ${problem}`);
  throw new Error(
    [`cluster ${stack} cannot be used yet, and nothing was changed; ${count} must change first:`, ...lines].join("\n"),
  );
}
