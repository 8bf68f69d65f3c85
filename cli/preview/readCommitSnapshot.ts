import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";
import type { PreviewSnapshot } from "./previewSnapshot.ts";
import { previewSnapshotSchema } from "./previewSnapshot.ts";

function runGit(args: readonly string[], input?: Buffer): Buffer {
  return execFileSync("git", ["-C", checkoutDirectory, ...args], {
    maxBuffer: 1 << 30,
    stdio: ["pipe", "pipe", "pipe"],
    ...(input && { input }),
  });
}

/** The full hash of a commit. */
function resolveCommit(ref: string): string {
  try {
    return runGit(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`])
      .toString()
      .trim();
  } catch {
    throw new Error(`git does not know the commit ${ref}; fetch it, or choose another with --base`);
  }
}

/** Unpacks the files of a commit into a directory and links this checkout's npm packages. */
function unpackCommit(commit: string, directory: string): void {
  const archive = runGit(["archive", "--format=tar", commit]);
  execFileSync("tar", ["-x", "-C", directory], { input: archive });
  symlinkSync(resolve(checkoutDirectory, "node_modules"), resolve(directory, "node_modules"));
}

function runCommitProgram(directory: string, stacks: readonly string[]): string {
  const args = [
    "--disable-warning=ExperimentalWarning",
    resolve(directory, "cli/index.ts"),
    "preview",
    ...stacks,
    "--snapshot",
  ];
  return execFileSync(process.execPath, args, {
    cwd: directory,
    encoding: "utf8",
    maxBuffer: 1 << 30,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/**
 * Reads what another commit would run from that commit's own program.
 * @throws Error if git does not know the commit, its program is too old, or its configuration is invalid
 */
export function readCommitSnapshot(ref: string, stacks: readonly string[]): PreviewSnapshot {
  const commit = resolveCommit(ref);
  const directory = mkdtempSync(resolve(tmpdir(), "mixcpt-base-"));
  try {
    unpackCommit(commit, directory);
    return previewSnapshotSchema.parse(JSON.parse(runCommitProgram(directory, stacks)));
  } catch (error) {
    const message = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
    throw new Error(`the program of commit ${commit.slice(0, 12)} (${ref}) failed:\n${message}`, { cause: error });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
