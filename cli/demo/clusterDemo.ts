import type { StoreConfig } from "../../infra/clusterConfig.ts";
import { listKubeconfigFiles, listProgramFolders } from "../../workspace/environment.ts";
import { goArchitecture } from "../setup/release/releaseTable.ts";
import { listSetupObstacles } from "../setup/machineRequirements.ts";
import { estimateSpaceGB, listMissingTasks } from "../setup/setupScope.ts";
import type { SetupScope } from "../setup/scopeNeeds.ts";
import { printLine } from "../terminal/printLine.ts";
import { confirmClusterChanges } from "./confirmClusterChanges.ts";
import { inspectCluster, ObstacleList } from "./clusterInspection.ts";
import type { KubeconfigContext } from "./currentContext.ts";
import { findKubeconfigContext } from "./currentContext.ts";
import { listFlagProblems, parseStore } from "./demoFlags.ts";
import type { DemoClusterChoices } from "./demoStackFiles.ts";
import { writeDemoFiles } from "./demoStackFiles.ts";
import type { DemoFlags, DemoTarget } from "./demoTarget.ts";
import type { FoundImages, ImageDelivery } from "./imageDelivery.ts";
import { areImagesComplete, deliverWorkImages, findWorkImages } from "./imageDelivery.ts";
import { buildKindDelivery, chooseKindStore, kindPrograms, makeKindStore, readKindClusterName } from "./kindCluster.ts";
import { parseRegistryAddress } from "./registryAddress.ts";
import { buildRegistryDelivery } from "./registryDelivery.ts";

type ClusterDemoFlags = DemoFlags & { readonly on: "existing" | "kind" };

/** @throws Error with the programs that are missing */
function requirePrograms(on: ClusterDemoFlags["on"]): void {
  const missing = ["skopeo", ...(on === "kind" ? kindPrograms : [])].filter(
    (program) => listProgramFolders(program).length === 0,
  );
  if (missing.length > 0) throw new Error(`not on PATH: ${missing.join(", ")}; install what is missing`);
}

function buildDelivery({ on, registry }: ClusterDemoFlags, context: KubeconfigContext | undefined) {
  if (on === "kind") return context && buildKindDelivery(readKindClusterName(context.context));
  return registry === undefined ? undefined : buildRegistryDelivery(parseRegistryAddress(registry));
}

function chooseStore({ on, store }: ClusterDemoFlags, context: KubeconfigContext | undefined) {
  if (store !== undefined) return parseStore(store);
  return on === "kind" && context !== undefined ? chooseKindStore(readKindClusterName(context.context)) : undefined;
}

interface DemoInputs {
  readonly context: KubeconfigContext | undefined;
  readonly store: StoreConfig | undefined;
  readonly delivery: ImageDelivery | undefined;
  readonly found: FoundImages | undefined;
  readonly scope: SetupScope;
}

async function findImages(
  delivery: ImageDelivery | undefined,
  obstacles: ObstacleList,
): Promise<Pick<DemoInputs, "found" | "scope">> {
  const found = delivery && (await obstacles.attempt(() => findWorkImages(delivery)));
  return { found, scope: found !== undefined && areImagesComplete(found) ? "client" : "images" };
}

/** Looks at the options and at this machine. */
async function readInputs(flags: ClusterDemoFlags, obstacles: ObstacleList): Promise<DemoInputs> {
  obstacles.lines.push(...listFlagProblems(flags));
  const context = await obstacles.attempt(() => findKubeconfigContext(listKubeconfigFiles(), flags.context));
  const hasPrograms = (await obstacles.attempt(() => (requirePrograms(flags.on), true))) ?? false;
  const store = await obstacles.attempt(() => chooseStore(flags, context));
  const delivery = await obstacles.attempt(() => buildDelivery(flags, context));
  const images = await findImages(hasPrograms ? delivery : undefined, obstacles);
  const space = estimateSpaceGB(listMissingTasks(images.scope), images.scope);
  obstacles.lines.push(...listSetupObstacles(space, images.scope));
  return { context, store, delivery, ...images };
}

interface ReadyDemo extends DemoInputs {
  readonly delivery: ImageDelivery;
  readonly found: FoundImages;
  readonly choices: DemoClusterChoices;
}

/** Brings the images to the nodes and writes the stack files. */
async function prepareCluster(flags: ClusterDemoFlags, stack: string, ready: ReadyDemo): Promise<void> {
  const { delivery, found, choices } = ready;
  const images = await deliverWorkImages(delivery, found);
  if (flags.on === "kind" && flags.store === undefined) await makeKindStore(readKindClusterName(choices.context));
  printLine(`stack files: ${writeDemoFiles(stack, choices, images).join(", ")}`);
}

function refuseObstacles({ on }: ClusterDemoFlags, { lines }: ObstacleList): void {
  if (lines.length === 0) return;
  const indented = lines.flatMap((line) => line.split("\n")).map((line) => `  ${line}`);
  throw new Error([`demo --on ${on} cannot start, and nothing was changed:`, ...indented].join("\n"));
}

function describeDemo({ context, nodes, controllers }: DemoClusterChoices): string {
  const origin = controllers === "installed" ? "its own controllers" : "controllers that cluster up installs";
  return `cluster: context ${context}, with ${origin}; emulated GPUs on ${nodes.join(", ")}`;
}

/**
 * Plans the demo on a cluster that exists. Nothing is changed before all that stands against it was found and the user
 * has confirmed what changes.
 * @throws Error with all that stands against it, or if the user does not confirm
 */
export async function planClusterDemo(flags: ClusterDemoFlags): Promise<DemoTarget> {
  const stack = `demo-${flags.on}`;
  const obstacles = new ObstacleList();
  const { context, store, delivery, found, scope } = await readInputs(flags, obstacles);
  const architecture = scope === "images" ? goArchitecture : undefined;
  const choices =
    context && (await obstacles.attempt(() => inspectCluster({ stack, context, store, architecture }, obstacles)));
  refuseObstacles(flags, obstacles);
  if (!choices || !delivery || !found) throw new Error(`demo --on ${flags.on}: incomplete without a reason`);
  await confirmClusterChanges(choices, { command: `demo --on ${flags.on}`, yes: flags.yes ?? false });
  const ready = { context, store, delivery, found, scope, choices };
  return {
    stack,
    scope,
    title: describeDemo(choices),
    prepare: () => prepareCluster(flags, stack, ready),
    isLocal: false,
    next:
      `open report/index.html; ./mixcpt kubectl --cluster ${stack} get pods -n mixcpt; to remove it: ` +
      `./mixcpt destroy ${stack} and ./mixcpt cluster destroy ${stack}`,
  };
}
