import { rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";
import type { LinePrinter } from "../terminal/printLine.ts";
import type { DeletedStackFile } from "./deletedStackFiles.ts";
import { formatDeletedStack, readDeletedFile } from "./deletedStackFiles.ts";

function buildDestroyWords({ project, stack }: DeletedStackFile): string[] {
  return project === "mixcpt" ? ["destroy", stack, "--yes"] : ["cluster", "destroy", stack, "--yes"];
}

/**
 * Destroys stacks whose file was deleted, each with its last file in place. Active runs are not ended: such a stack
 * fails, and keeps no other back.
 * @returns the stacks that failed
 */
export async function removeStacks(
  files: readonly DeletedStackFile[],
  { call, print }: { call: (words: readonly string[]) => Promise<number>; print: LinePrinter },
): Promise<string[]> {
  const failed: string[] = [];
  for (const deleted of files) {
    const path = resolve(checkoutDirectory, deleted.file);
    print(`${deleted.file} was deleted by ${deleted.commit.slice(0, 12)}: its objects are removed`);
    writeFileSync(path, readDeletedFile(deleted));
    try {
      if ((await call(buildDestroyWords(deleted))) !== 0) failed.push(formatDeletedStack(deleted));
    } finally {
      rmSync(path, { force: true });
    }
  }
  return failed;
}
