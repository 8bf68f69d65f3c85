import { execFileSync } from "node:child_process";
import { checkoutDirectory } from "../../workspace/environment.ts";

function listGitFiles(...options: string[]): string[] {
  const args = ["-C", checkoutDirectory, "ls-files", "-z", ...options];
  return execFileSync("git", args, { encoding: "utf8", maxBuffer: 1 << 28 }).split("\0");
}

/** Lists the files of this checkout that a commit of its present state would have. */
export function listCheckoutFiles(): string[] {
  const missing = new Set(listGitFiles("--deleted"));
  return listGitFiles("--cached", "--others", "--exclude-standard").filter(
    (file) => file !== "" && !file.startsWith("node_modules") && !missing.has(file),
  );
}
