import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { formatYaml } from "../render/formatYaml.ts";
import type { SnapshotComparison } from "./compareSnapshots.ts";
import { formatObjectName } from "./snapshotIndex.ts";
import type { ComparedManifest, PreviewSnapshot } from "./snapshotSchema.ts";

/** Writes one file per stack with sorted documents, so that a cell that only moves is not a change. */
function writeManifestFiles(directory: string, files: ReadonlyMap<string, readonly ComparedManifest[]>): void {
  mkdirSync(directory);
  for (const [file, manifests] of files) {
    const sorted = manifests.toSorted((a, b) => (formatObjectName(a) < formatObjectName(b) ? -1 : 1));
    writeFileSync(resolve(directory, file), formatYaml(sorted));
  }
}

/** The manifests of the compared stacks and clusters by file name. */
function listManifestFiles(
  { manifests, clusters = {} }: PreviewSnapshot,
  { stacks, clusters: changedClusters }: SnapshotComparison,
): Map<string, readonly ComparedManifest[]> {
  return new Map([
    ...stacks.map(({ stack }) => [`${stack}.yaml`, manifests[stack] ?? []] as const),
    ...changedClusters.map(({ cluster }) => [`infra-${cluster}.yaml`, clusters[cluster]?.manifests ?? []] as const),
  ]);
}

/** The difference of the compared stacks' and clusters' manifests in git's format; empty if they are equal. */
export function diffManifests(base: PreviewSnapshot, head: PreviewSnapshot, comparison: SnapshotComparison): string {
  const directory = mkdtempSync(resolve(tmpdir(), "mixcpt-diff-"));
  try {
    writeManifestFiles(resolve(directory, "base"), listManifestFiles(base, comparison));
    writeManifestFiles(resolve(directory, "head"), listManifestFiles(head, comparison));
    const { stdout } = spawnSync("git", ["diff", "--no-index", "--no-color", "--unified=1", "base", "head"], {
      cwd: directory,
      encoding: "utf8",
      maxBuffer: 1 << 30,
    });
    return stdout.trimEnd();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
