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

/** The full name of a commit. */
function resolveCommit(ref: string): string {
  try {
    return runGit(["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`])
      .toString()
      .trim();
  } catch {
    throw new Error(`git knows no commit ${ref}: fetch it first, or name another one with --base`);
  }
}

/** The files of a commit in a directory of their own, with this checkout's npm packages. */
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
 * What another commit would run, told by its own program.
 * @throws Error if git has no such commit, or its program is too old or its configuration wrong
 */
export function readCommitSnapshot(ref: string, stacks: readonly string[]): PreviewSnapshot {
  const commit = resolveCommit(ref);
  const directory = mkdtempSync(resolve(tmpdir(), "mixcpt-base-"));
  try {
    unpackCommit(commit, directory);
    return previewSnapshotSchema.parse(JSON.parse(runCommitProgram(directory, stacks)));
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
    throw new Error(`commit ${commit.slice(0, 12)} (${ref}) cannot say what it would run:\n${said}`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
