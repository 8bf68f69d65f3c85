import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parseDocument } from "yaml";
import type { z } from "zod";
import type { ExistingConfig, StoreConfig, clusterConfigSchema } from "../../infra/clusterConfig.ts";
import { clusterConfigKey, parseClusterConfig } from "../../infra/clusterConfig.ts";
import type { ImageRefs } from "../../jobs/kube/clusterOutputs.ts";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { readClusterConfig } from "../cluster/readClusterConfig.ts";
import { formatStackFileName, readClusterName } from "../engine/stackDeclarations.ts";
import { formatYaml } from "../render/formatYaml.ts";
import type { KubeconfigContext } from "./currentContext.ts";

type ClusterConfigInput = z.input<typeof clusterConfigSchema>;

/** The choices of the demo that its cluster file records. */
export interface DemoClusterChoices extends KubeconfigContext {
  readonly store: StoreConfig;
  readonly nodes: readonly string[];
  readonly controllers: ExistingConfig["controllers"];
}

/** The devices of each node: those of the hosts of the local demo, whose cells need them. */
export const demoDevices = { gpu: "MI250X", devicesPerNode: 2 } as const;

/** Builds the value of `mixcpt-infra:cluster`. */
export function buildDemoCluster(
  { file, context, store, nodes, controllers }: DemoClusterChoices,
  images: ImageRefs | undefined,
): ClusterConfigInput {
  return {
    kind: "existing",
    kubeconfigFile: file,
    context,
    nodes: nodes.length,
    devices: { ...demoDevices, emulated: [...nodes] },
    store,
    ...(images && { images }),
    controllers,
  };
}

export function resolveStackPath(...[project, stack]: Parameters<typeof formatStackFileName>): string {
  return resolve(checkoutDirectory, formatStackFileName(project, stack));
}

/** Reads the cluster that an earlier demo recorded; undefined if there is no file. */
export function readDemoCluster(stack: string): ExistingConfig | undefined {
  if (!existsSync(resolveStackPath("mixcpt-infra", stack))) return undefined;
  const config = readClusterConfig(stack);
  if (config.kind === "existing") return config;
  throw new Error(`${formatStackFileName("mixcpt-infra", stack)}: kind ${config.kind}; rename that stack`);
}

/** Lists the keys in which a recorded cluster differs from the wanted one; images follow the commit. */
export function listClusterDifferences(recorded: ExistingConfig, choices: DemoClusterChoices): string[] {
  const wanted = parseClusterConfig(buildDemoCluster(choices, undefined), "the demo's cluster");
  const values = { recorded, wanted } as Record<"recorded" | "wanted", Readonly<Record<string, unknown>>>;
  return [...new Set([...Object.keys(recorded), ...Object.keys(wanted)])]
    .filter((key) => key !== "images" && !isDeepStrictEqual(values.recorded[key], values.wanted[key]))
    .map((key) => `${key}: ${JSON.stringify(values.recorded[key])}, not ${JSON.stringify(values.wanted[key])}`);
}

/** @throws Error if the files of an earlier demo, or of the user, say something else */
export function refuseOtherFiles(stack: string, recorded: ExistingConfig | undefined, choices: DemoClusterChoices) {
  const file = formatStackFileName("mixcpt-infra", stack);
  const differences = recorded === undefined ? [] : listClusterDifferences(recorded, choices);
  if (differences.length > 0)
    throw new Error(
      [
        `${file}: has other content; for another cluster first remove the demo (./mixcpt destroy ${stack}, ` +
          `./mixcpt cluster destroy ${stack}), then delete the file`,
        ...differences.map((line) => `  ${line}`),
      ].join("\n"),
    );
  const cluster = readClusterName(stack);
  if (existsSync(resolveStackPath("mixcpt", stack)) && cluster !== stack)
    throw new Error(
      `${formatStackFileName("mixcpt", stack)}: mixcpt:cluster is ${cluster}; set it to ${stack}, or delete the file`,
    );
}

const clusterFileHead =
  "# yaml-language-server: $schema=../docs/cluster.schema.json\n# Written by ./mixcpt demo (docs/demo.md).\n";

function renderClusterFile(cluster: ClusterConfigInput): string {
  return clusterFileHead + formatYaml([{ config: { [clusterConfigKey]: cluster } }]).replace(/^---\n/, "");
}

/** Renders the experiments of the local demo for another cluster. */
export function renderExperimentsFile(demo: string, stack: string): string {
  return demo.replace(/^( *mixcpt:cluster:) .*$/m, `$1 ${stack}`);
}

const imagesPath = ["config", clusterConfigKey, "images"] as const;

interface RecordedImages {
  readonly images?: { readonly publicKey?: string };
}

/** Renders a cluster's file with other images. All else in it stays, such as the key that must have signed them. */
export function replaceImages(text: string, refs: ImageRefs): string {
  const document = parseDocument(text);
  const file = document.toJS() as { config?: Partial<Record<string, RecordedImages>> };
  const recorded = file.config?.[clusterConfigKey]?.images;
  const images = { ...refs, ...(recorded?.publicKey !== undefined && { publicKey: recorded.publicKey }) };
  if (isDeepStrictEqual(recorded, images)) return text;
  document.setIn(imagesPath, document.createNode(images));
  return document.toString({ lineWidth: 0 });
}

/** Writes the file of the cluster, or its images if the file exists. */
function writeClusterFile(stack: string, choices: DemoClusterChoices, images: ImageRefs): void {
  const file = resolveStackPath("mixcpt-infra", stack);
  if (!existsSync(file)) return writeFileSync(file, renderClusterFile(buildDemoCluster(choices, images)));
  const text = readFileSync(file, "utf8");
  const updated = replaceImages(text, images);
  if (updated !== text) writeFileSync(file, updated);
}

/** Writes the file of the cluster, and that of the experiments unless the user has one. Returns their names. */
export function writeDemoFiles(stack: string, choices: DemoClusterChoices, images: ImageRefs): string[] {
  writeClusterFile(stack, choices, images);
  const experiments = resolveStackPath("mixcpt", stack);
  if (!existsSync(experiments))
    writeFileSync(experiments, renderExperimentsFile(readFileSync(resolveStackPath("mixcpt", "dev"), "utf8"), stack));
  return [formatStackFileName("mixcpt-infra", stack), formatStackFileName("mixcpt", stack)];
}
