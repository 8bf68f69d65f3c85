import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";

function listGitFiles(...options: string[]): string[] {
  const args = ["-C", checkoutDirectory, "ls-files", "-z", ...options];
  return execFileSync("git", args, { encoding: "utf8", maxBuffer: 1 << 28 }).split("\0");
}

/** Lists the files of this checkout that a commit of its present state would have. */
function listCheckoutFiles(): string[] {
  const missing = new Set(listGitFiles("--deleted"));
  return listGitFiles("--cached", "--others", "--exclude-standard").filter(
    (file) => file !== "" && !file.startsWith("node_modules") && !missing.has(file),
  );
}

/** Copies a file unless it is gone: a test that runs at the same time may declare a stack for a while. */
function copyExistingFile(source: string, target: string): void {
  try {
    copyFileSync(source, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}

/** Copies the files of this checkout that a commit of its present state would have, or those that are wanted. */
export function copyCheckout(directory: string, isWanted: (file: string) => boolean = () => true): void {
  for (const file of listCheckoutFiles().filter(isWanted)) {
    const target = join(directory, file);
    mkdirSync(dirname(target), { recursive: true });
    copyExistingFile(join(checkoutDirectory, file), target);
  }
}
