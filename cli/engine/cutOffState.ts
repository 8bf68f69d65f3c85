import { copyFileSync, existsSync, readFileSync, renameSync } from "node:fs";

function isCompleteJson(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}

/**
 * Pulumi's file backend writes a state in place: a kill, or a full disk, can leave half of it. The state of the step
 * before lies beside it as `.bak`; with that one, `up` finds what it had made since by itself.
 * Where that one is cut off, too, the state is put aside, and `up` takes over what is in the cluster.
 * @param file state of a stack; nothing happens where it is whole or not there
 */
export function restoreTruncatedState(file: string): void {
  if (!existsSync(file) || isCompleteJson(file)) return;
  if (isCompleteJson(`${file}.bak`)) copyFileSync(`${file}.bak`, file);
  else {
    renameSync(file, `${file}.cut-off`);
    console.error(`${file} was cut off, and so is the one before it: kept as ${file}.cut-off; what is in the cluster is taken over`);
  }
}
