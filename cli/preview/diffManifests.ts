import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { formatYaml } from "../render/formatYaml.ts";
import type { PreviewSnapshot } from "./previewSnapshot.ts";

/** Writes one file per stack with sorted documents, so that a cell that only moves is not a change. */
function writeManifestFiles(directory: string, { manifests }: PreviewSnapshot): void {
  mkdirSync(directory);
  for (const [stack, stackManifests] of Object.entries(manifests)) {
    const sorted = stackManifests.toSorted((a, b) =>
      `${a.kind}/${a.metadata.name}` < `${b.kind}/${b.metadata.name}` ? -1 : 1,
    );
    writeFileSync(resolve(directory, `${stack}.yaml`), formatYaml(sorted));
  }
}

/** The difference of all manifests in git's format; empty if they are equal. */
export function diffManifests(base: PreviewSnapshot, head: PreviewSnapshot): string {
  const directory = mkdtempSync(resolve(tmpdir(), "mixcpt-diff-"));
  try {
    writeManifestFiles(resolve(directory, "base"), base);
    writeManifestFiles(resolve(directory, "head"), head);
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
