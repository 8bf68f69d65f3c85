import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { createOutputFolder } from "../outFolder.ts";

/** Writes a file so that a reader sees the old or the new content, never a part; makes the folder. */
export const writeFileAtomically = async (path: string, content: string): Promise<void> => {
  createOutputFolder(dirname(path));
  const partial = `${path}.partial-${process.pid}`;
  try {
    const file = await open(partial, "w");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
};
