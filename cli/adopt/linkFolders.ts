import { chownSync, lchownSync, chmodSync, existsSync, mkdirSync, statSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { formatErrorMessage } from "../explainError.ts";
import type { FolderMatch } from "./matchFolders.ts";

const isRoot = process.getuid?.() === 0;

/** Makes the folder of a link as pods made that of the recorded folder, so that they can write beside the link. */
function makeFolder(folder: string, example: string): void {
  if (existsSync(folder)) return;
  const { mode, uid, gid } = statSync(example);
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, mode);
  if (isRoot) chownSync(folder, uid, gid);
}

function linkFolder(store: string, { declared, recorded }: FolderMatch): void {
  const [link, target] = [join(store, declared.path), join(store, recorded.path)];
  makeFolder(dirname(link), dirname(target));
  symlinkSync(relative(dirname(link), target), link);
  const { uid, gid } = statSync(target);
  if (isRoot) lchownSync(link, uid, gid);
}

/**
 * Links finished folders of a store under their new names. The links are relative, because pods mount the store at
 * another path. An existing folder is never replaced.
 * @throws Error that names the link that cannot be made; those before it stay, and another call makes the others
 */
export function linkFolders(store: string, matches: readonly FolderMatch[]): void {
  for (const match of matches)
    try {
      linkFolder(store, match);
    } catch (error) {
      throw new Error(
        `${join(store, match.declared.path)} cannot be made: ${formatErrorMessage(error)}; ` +
          "check that this user may write to the store, and adopt again",
        { cause: error },
      );
    }
}
