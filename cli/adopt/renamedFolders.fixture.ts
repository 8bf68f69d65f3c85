import { buildProvisionalExperiment, listRunManifests, parseStackConfig } from "../../jobs/experiment/index.ts";
import { emulatedCluster } from "../../jobs/kube/clusterOutputs.fixture.ts";
import type { ClusterOutputs } from "../../jobs/kube/clusterOutputs.ts";
import { computedByAnnotation } from "../../jobs/kube/objectLabels.ts";
import type { ComparedManifest } from "../preview/snapshotSchema.ts";
import { convertManifest } from "../preview/snapshotSchema.ts";
import type { FolderMatch, LinkTargets } from "./matchFolders.ts";
import { matchFolders } from "./matchFolders.ts";
import { listStoreFolders } from "./storeFolders.ts";

const oneCell = {
  "mixcpt:family": "tiny",
  "mixcpt:protocol": "miniature",
  "mixcpt:axes": { data: ["Bi"], categories: ["Stag"] },
  "mixcpt:hardware": { gpu: "MI250X", devicesPerNode: 2 },
};

interface DeclaredCommit {
  /** Values of the stack's file beside those of one cell of the miniature. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Outputs of the cluster beside those of the emulated one. */
  readonly cluster?: Partial<ClusterOutputs>;
}

/** The manifests that a commit submits. */
export function buildManifests({ settings = {}, cluster = {} }: DeclaredCommit = {}): ComparedManifest[] {
  const config = parseStackConfig({ stack: "mini", file: "Pulumi.mini.yaml", values: { ...oneCell, ...settings } });
  const experiment = buildProvisionalExperiment(config, { ...emulatedCluster, ...cluster });
  return listRunManifests(experiment).map(convertManifest);
}

/** Gives other hashes to all names, as those that covered images had. */
function replaceHashes(text: string): string {
  return text.replaceAll(/(?<=[-/])[0-9a-f]{8}(?=["/\\]|$)/g, (hash) => `0${hash.slice(0, 7)}`);
}

/** Names of languages as a map in the YAML of a spec, which JSON holds as one text. */
const languageNames = /languageNames:\\n(?:\s+\w+: [^\\]+\\n)+\s*/g;

/** Turns manifests into those of before names covered the code: languages were named by the image. */
export function forgetCode(manifests: readonly ComparedManifest[]): ComparedManifest[] {
  return manifests.map((manifest) => {
    const annotations = Object.entries(manifest.metadata.annotations ?? {});
    const others = annotations.filter(([name]) => name !== computedByAnnotation);
    const former = { ...manifest, metadata: { ...manifest.metadata, annotations: Object.fromEntries(others) } };
    const text = replaceHashes(JSON.stringify(former))
      .replaceAll(languageNames, "")
      .replaceAll(/checkpoints:\\n\s+steps:\\n\s+- (\d+)/g, "finalCheckpoint: $1");
    return convertManifest(JSON.parse(text) as object);
  });
}

/** Matches the folders of a recorded commit with those of a declared one. */
export function matchManifests(
  recorded: readonly ComparedManifest[],
  declared: readonly ComparedManifest[],
  { targets = new Map(), isSameDevice = false }: { targets?: LinkTargets; isSameDevice?: boolean } = {},
): FolderMatch[] {
  const mount = emulatedCluster.store.mount;
  return matchFolders({
    mount,
    recorded: listStoreFolders(recorded, mount),
    declared: listStoreFolders(declared, mount),
    targets,
    isSameDevice,
  });
}
