import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { env } from "node:process";
import { load } from "js-yaml";
import { stringify } from "yaml";
import { checkoutDirectory } from "../../workspace/environment.ts";
import { copyCheckout } from "./checkoutFiles.ts";
import type { CommandResult } from "./mixcptCommand.ts";
import { runProgram } from "./mixcptCommand.ts";

/** A temporary git repository with the files of this checkout, in which branches and deployments can be tried. */
export interface ProjectRepository {
  readonly directory: string;
  /** Writes files, deletes those that are `undefined`, and commits. Objects are written as YAML. */
  commit(files: Readonly<Record<string, object | string | undefined>>): string;
  read(file: string): string;
  /** Runs the script of a step as GitHub does, with `GITHUB_*` files, and returns the outputs of the step as well. */
  runStep(
    step: { run?: string },
    variables?: Record<string, string>,
  ): Promise<CommandResult & { outputs: StepOutputs }>;
  run(script: string, variables?: Record<string, string>): Promise<CommandResult>;
  remove(): void;
}

/** A launcher `mixcpt` that runs the command line of its repository with the toolchain of this checkout. */
export const testLauncher = `#!/bin/sh
[ "$1" != setup ] || exit 0
exec "${process.execPath}" --disable-warning=ExperimentalWarning cli/index.ts "$@"
`;

type StepOutputs = Readonly<Record<string, string>>;

/** Copies the files of this checkout, without its stacks: a test declares its own. */
function copyWithoutStacks(directory: string): void {
  copyCheckout(directory, (file) => !/^(infra\/)?Pulumi\..+\.yaml$/.test(file));
  symlinkSync(resolve(checkoutDirectory, "node_modules"), join(directory, "node_modules"));
}

/** Parses the file of outputs: `name=value`, or `name<<end` with lines up to the end. */
function parseOutputs(text: string): StepOutputs {
  const outputs: Record<string, string> = {};
  const lines = text.split("\n");
  for (let index = 0; index < lines.length; index++) {
    const [, name = "", end = ""] = /^(\w+)<<(.+)$/.exec(lines[index] ?? "") ?? [];
    if (name !== "") {
      const last = lines.indexOf(end, index + 1);
      outputs[name] = lines.slice(index + 1, last).join("\n");
      index = last;
    } else {
      const [, key = "", value = ""] = /^(\w+)=(.*)$/.exec(lines[index] ?? "") ?? [];
      if (key !== "") outputs[key] = value;
    }
  }
  return outputs;
}

export function createProjectRepository(): ProjectRepository {
  const directory = mkdtempSync(join(tmpdir(), "mixcpt-repository-"));
  const runGit = (...args: string[]): string =>
    execFileSync("git", ["-C", directory, "-c", "user.name=test", "-c", "user.email=test@example.org", ...args], {
      encoding: "utf8",
    }).trim();
  copyWithoutStacks(directory);
  runGit("init", "--quiet", "--initial-branch=main");
  // The repository has no origin, which scripts need in continuous integration; tests of that set CI.
  const run = (script: string, variables = {}) =>
    runProgram("bash", ["-e", "-c", script], { cwd: directory, env: { ...env, CI: "", ...variables } });
  return {
    directory,
    run,
    commit: (files) => {
      for (const [file, content] of Object.entries(files))
        if (content === undefined) rmSync(join(directory, file));
        else writeFileSync(join(directory, file), typeof content === "string" ? content : stringify(content));
      runGit("add", "--all");
      runGit("commit", "--quiet", "--message=change");
      return runGit("rev-parse", "HEAD");
    },
    read: (file) => readFileSync(join(directory, file), "utf8"),
    runStep: async ({ run: script = "" }, variables = {}) => {
      const files = mkdtempSync(join(tmpdir(), "mixcpt-step-"));
      try {
        const output = join(files, "output");
        writeFileSync(output, "");
        const result = await run(script, {
          GITHUB_OUTPUT: output,
          GITHUB_STEP_SUMMARY: join(files, "summary"),
          RUNNER_TEMP: files,
          ...variables,
        });
        return { ...result, outputs: parseOutputs(readFileSync(output, "utf8")) };
      } finally {
        rmSync(files, { recursive: true });
      }
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

interface WorkflowStep {
  readonly name?: string;
  readonly run?: string;
}

/** The step of a workflow of this repository by its name. */
export function findWorkflowStep(workflow: string, name: string): WorkflowStep {
  const text = readFileSync(resolve(checkoutDirectory, ".github/workflows", workflow), "utf8");
  const { jobs } = load(text) as { jobs: Record<string, { steps: WorkflowStep[] }> };
  const step = Object.values(jobs)
    .flatMap(({ steps }) => steps)
    .find((candidate) => candidate.name === name);
  if (step === undefined) throw new Error(`${workflow} has no step "${name}"`);
  return step;
}
