import { listDeclaredStacks } from "../engine/stackDeclarations.ts";
import type { SnapshotComparison } from "./compareSnapshots.ts";
import { compareSnapshots } from "./compareSnapshots.ts";
import { diffManifests } from "./diffManifests.ts";
import { buildPreviewSnapshot } from "./previewSnapshot.ts";
import { readCommitSnapshot } from "./readCommitSnapshot.ts";

/** @throws Error if neither commit declares a stack of this name */
function refuseUndeclaredStacks(names: readonly string[], declared: readonly string[]): void {
  const unknown = names.filter((name) => !declared.includes(name));
  if (unknown.length === 0) return;
  throw new Error(
    `stack ${unknown.map((name) => `"${name}"`).join(", ")} is declared by neither commit; ` +
      `declared: ${declared.join(", ")}`,
  );
}

/**
 * Compares this checkout with another commit. Each computes what it declares with its own program, side by side.
 * @param names the stacks to compare instead of those that a deployment submits
 */
export async function compareCommits(
  base: string,
  names: readonly string[],
): Promise<{ readonly comparison: SnapshotComparison; readonly diff: string }> {
  const reading = readCommitSnapshot(base);
  const declared = listDeclaredStacks("mixcpt");
  const after = buildPreviewSnapshot(declared);
  const before = await reading;
  refuseUndeclaredStacks(names, [...new Set([...declared, ...Object.keys(before.manifests)])]);
  const comparison = compareSnapshots(before, after, names);
  return { comparison, diff: diffManifests(before, after, comparison) };
}
