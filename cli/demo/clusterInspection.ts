import type { ExistingConfig, StoreConfig } from "../../infra/clusterConfig.ts";
import { defaultNamespace } from "../../jobs/kube/platformNames.ts";
import { readExistingKubeconfig } from "../../infra/existingKubeconfig.ts";
import type { InstalledPlatform } from "../../infra/platform/platformRequirements.ts";
import { listPlatformProblems } from "../../infra/platform/platformRequirements.ts";
import { fetchInstalledPlatform } from "../cluster/checkPlatform.ts";
import { fetchPlatformResources, findEmulator, hasControllers } from "../cluster/recordedPlatform.ts";
import { formatStackFileName } from "../engine/stackDeclarations.ts";
import { explainError } from "../explainError.ts";
import { fetchNodeRoom, hasStorageClass, listMissingRights } from "../kubernetes/clusterFacts.ts";
import type { KubeconfigContext } from "./currentContext.ts";
import { requireListedNodes, selectDemoNodes } from "./demoNodes.ts";
import type { DemoClusterChoices } from "./demoStackFiles.ts";
import { demoDevices, readDemoCluster, refuseOtherFiles } from "./demoStackFiles.ts";

/** Runs checks one after the other and keeps what each one that fails says. */
export class ObstacleList {
  readonly lines: string[] = [];

  /** Returns the result of a check; undefined if it failed. */
  async attempt<T>(check: () => Promise<T> | T): Promise<T | undefined> {
    try {
      return await check();
    } catch (error) {
      this.lines.push(explainError(error));
      return undefined;
    }
  }
}

interface InspectionInput {
  readonly stack: string;
  readonly context: KubeconfigContext;
  /** Undefined if the option is missing, which does not keep the other problems back. */
  readonly store: StoreConfig | undefined;
  /** The architecture of the images that this machine builds; undefined if none are built. */
  readonly architecture: string | undefined;
}

type Controllers = ExistingConfig["controllers"];

/** Controllers that somebody else has installed are used; otherwise `cluster up` installs the published ones. */
function chooseControllers(platform: InstalledPlatform, isOwner: boolean): Controllers {
  const isThere = Object.values(platform.kinds).some((served) => (served ?? []).length > 0);
  return isThere && !isOwner ? "installed" : "published";
}

interface NodeChoice {
  readonly kubeconfig: string;
  readonly recorded?: ExistingConfig;
  /** The owner of the devices that this Pulumi state emulates. */
  readonly emulator: string | undefined;
  readonly controllers: Controllers;
}

async function chooseNodes(
  { stack, architecture }: InspectionInput,
  { kubeconfig, recorded, emulator, controllers }: NodeChoice,
): Promise<readonly string[]> {
  const nodes = await fetchNodeRoom(kubeconfig, { emulator, architecture });
  const listed = recorded?.devices.emulated;
  if (!Array.isArray(listed)) return selectDemoNodes({ nodes, installsControllers: controllers === "published" });
  requireListedNodes(listed, nodes, formatStackFileName("mixcpt-infra", stack));
  return listed;
}

async function requireRights(kubeconfig: string, controllers: Controllers): Promise<void> {
  const missing = await listMissingRights(kubeconfig, controllers === "published");
  if (missing.length > 0)
    throw new Error(`the user of the kubeconfig lacks the rights to ${missing.join(", ")}; use an administrator's`);
}

async function requireStorageClass(kubeconfig: string, store: StoreConfig | undefined): Promise<void> {
  if (store?.kind === "storageClass" && !(await hasStorageClass(kubeconfig, store.name)))
    throw new Error(`--store: the cluster has no StorageClass ${store.name}; kubectl get storageclass lists them`);
}

/**
 * Asks a cluster for everything that the demo needs there, and changes nothing.
 * @returns what the demo uses; undefined if something stands against it, which is then in the list
 */
export async function inspectCluster(
  input: InspectionInput,
  obstacles: ObstacleList,
): Promise<DemoClusterChoices | undefined> {
  const { stack, context, store } = input;
  const kubeconfig = readExistingKubeconfig({
    kubeconfigFile: context.file,
    context: context.context,
    namespace: defaultNamespace,
  });
  const platform = await obstacles.attempt(() => fetchInstalledPlatform(stack, kubeconfig));
  if (platform === undefined) return undefined;
  const recorded = await obstacles.attempt(() => readDemoCluster(stack));
  const resources = await fetchPlatformResources(stack);
  const isOwner = hasControllers(resources);
  const emulator = findEmulator(resources, stack);
  const controllers = recorded?.controllers ?? chooseControllers(platform, isOwner);
  const config = { controllers, devices: { ...demoDevices, emulated: true } };
  obstacles.lines.push(...listPlatformProblems(platform, { config, ownsControllers: isOwner }));
  await obstacles.attempt(() => requireRights(kubeconfig, controllers));
  await obstacles.attempt(() => requireStorageClass(kubeconfig, store));
  const nodes = await obstacles.attempt(() =>
    chooseNodes(input, { kubeconfig, controllers, emulator, ...(recorded && { recorded }) }),
  );
  if (nodes === undefined || store === undefined) return undefined;
  const choices = { ...context, store, nodes, controllers };
  await obstacles.attempt(() => refuseOtherFiles(stack, recorded, choices));
  return choices;
}
