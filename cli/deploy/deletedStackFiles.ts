import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";
import type { ProjectName } from "../engine/stackDeclarations.ts";
import { formatStackFileName } from "../engine/stackDeclarations.ts";

/** A stack whose file the history of this commit deleted. */
export interface DeletedStackFile {
  readonly project: ProjectName;
  readonly stack: string;
  /** The file, relative to the checkout. */
  readonly file: string;
  /** The commit that deleted it. */
  readonly commit: string;
}

function runGit(...args: string[]): string {
  return execFileSync("git", ["-C", checkoutDirectory, ...args], { encoding: "utf8", maxBuffer: 1 << 28 });
}

/** @throws Error for a clone without its history, in which deletions cannot be found */
function refuseShallowClone(): void {
  if (runGit("rev-parse", "--is-shallow-repository").trim() === "true")
    throw new Error(
      `${checkoutDirectory} is a shallow clone, which does not show which stack files were deleted; ` +
        "run git fetch --unshallow (actions/checkout: fetch-depth: 0; GitLab: GIT_DEPTH: 0)",
    );
}

function parseStackFile(file: string): Pick<DeletedStackFile, "project" | "stack"> | undefined {
  const [, folder = "", stack = ""] = /^(infra\/)?Pulumi\.(.+)\.yaml$/.exec(file) ?? [];
  return stack === "" ? undefined : { project: folder === "" ? "mixcpt" : "mixcpt-infra", stack };
}

/**
 * Lists the stack files that the history of this commit deleted, and that do not exist again. Stacks that were never in
 * this history are not listed: they are somebody else's.
 * @throws Error for a shallow clone
 */
export function listDeletedStackFiles(): DeletedStackFile[] {
  refuseShallowClone();
  const patterns = [":(glob)Pulumi.*.yaml", ":(glob)infra/Pulumi.*.yaml"];
  const log = runGit("log", "--diff-filter=D", "--no-renames", "--format=commit %H", "--name-only", "--", ...patterns);
  const deleted = new Map<string, DeletedStackFile>();
  let commit = "";
  for (const line of log.split("\n")) {
    if (line.startsWith("commit ")) commit = line.slice("commit ".length);
    const stackFile = parseStackFile(line);
    if (stackFile !== undefined && !deleted.has(line)) deleted.set(line, { ...stackFile, file: line, commit });
  }
  return [...deleted.values()].filter(({ file }) => !existsSync(resolve(checkoutDirectory, file)));
}

/** The text of a file before it was deleted. */
export function readDeletedFile({ file, commit }: DeletedStackFile): string {
  return runGit("show", `${commit}^:${file}`);
}

/** `viking`, `infra/lumi` */
export function formatDeletedStack({ project, stack }: Pick<DeletedStackFile, "project" | "stack">): string {
  return formatStackFileName(project, stack).replace(/Pulumi\.(.+)\.yaml$/, "$1");
}
