import { renameSync, rmSync, writeFileSync } from "node:fs";
import type { WriteFileOptions } from "node:fs";

/**
 * Writes a file in one step: another process that reads it meanwhile finds the earlier content or the new one, never a
 * part. The file is not flushed to the disk.
 */
export function replaceFile(path: string, content: string, options: WriteFileOptions = {}): void {
  const partial = `${path}.partial-${String(process.pid)}`;
  try {
    writeFileSync(partial, content, options);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}
