import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { checkoutDirectory } from "../../workspace/environment.ts";
import type { PreviewSnapshot } from "./snapshotSchema.ts";
import { previewSnapshotSchema } from "./snapshotSchema.ts";

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

/** Names of the experiments stacks that a commit declares. */
function listCommittedStacks(commit: string): string[] {
  const files = runGit(["ls-tree", "--name-only", commit]).toString().split("\n");
  return files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
}

async function runCommitProgram(directory: string, stacks: readonly string[]): Promise<string> {
  const program = resolve(directory, "cli/index.ts");
  const args = ["--disable-warning=ExperimentalWarning", program, "preview", ...stacks, "--snapshot"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: directory, maxBuffer: 1 << 30 });
  return stdout;
}

/**
 * Reads what another commit declares from that commit's own program.
 * @throws Error if git does not know the commit, its program is too old, or its configuration is invalid
 */
export async function readCommitSnapshot(ref: string): Promise<PreviewSnapshot> {
  const commit = resolveCommit(ref);
  const directory = mkdtempSync(resolve(tmpdir(), "mixcpt-base-"));
  try {
    unpackCommit(commit, directory);
    const stacks = listCommittedStacks(commit);
    return previewSnapshotSchema.parse(JSON.parse(await runCommitProgram(directory, stacks)));
  } catch (error) {
    const message = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
    throw new Error(`the program of commit ${commit.slice(0, 12)} (${ref}) failed:\n${message}`, { cause: error });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
