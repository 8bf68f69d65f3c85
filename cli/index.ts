import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { bypassProxy, checkoutDirectory } from "../workspace/environment.ts";
import { explainError } from "./explainError.ts";
import { handleOutputErrors } from "./terminal/outputErrors.ts";

/** The hidden command that the completion scripts call with the words of a line. */
const completeCommand = "complete";

/**
 * The description and the loader of every command. Only the requested command is loaded, because importing Pulumi alone
 * takes a second.
 */
const commandLoaders: Readonly<Record<string, [string, () => Promise<Command>]>> = {
  demo: [
    "run the whole study in miniature, on this machine or (--on) a cluster that exists: 12 cells, report",
    async () => (await import("./commands/demoCommand.ts")).buildDemoCommand(),
  ],
  setup: [
    "provide the programs that are missing, from releases or from source, and build the images",
    async () => (await import("./commands/setupCommand.ts")).buildSetupCommand(),
  ],
  images: [
    "build and check the images for CPUs or AMD GPUs, push them to a registry, and name them in a cluster's file",
    async () => (await import("./commands/imagesCommand.ts")).buildImagesCommand(),
  ],
  cluster: [
    "create, preview or destroy the cluster that runs the experiments (Pulumi project infra/)",
    async () => (await import("./commands/clusterCommands.ts")).buildClusterCommand(),
  ],
  preflight: [
    "test the GPU nodes of a cluster and their network before trainings run there",
    async () => (await import("./commands/preflightCommand.ts")).buildPreflightCommand(),
  ],
  init: [
    "write the file of a new stack from five answers or flags; overwrites nothing",
    async () => (await import("./commands/initCommand.ts")).buildInitCommand(),
  ],
  plan: [
    "show what would run: cells or mixtures, GPU-hours, memory, disk, waves; needs no cluster",
    async () => (await import("./commands/planCommand.ts")).buildPlanCommand(),
  ],
  render: [
    "print all manifests of a stack as YAML, or write one file per cell; needs no cluster",
    async () => (await import("./commands/renderCommand.ts")).buildRenderCommand(),
  ],
  up: [
    "submit the cells of a stack (pulumi up) and return; ends no active run unless told to",
    async () => (await import("./commands/stackCommands.ts")).buildUpCommand(),
  ],
  preview: [
    "show what up would change on the cluster, or what differs between two commits",
    async () => (await import("./commands/previewCommand.ts")).buildPreviewCommand(),
  ],
  deploy: [
    "deploy a commit from continuous integration: clusters and stacks, removals, drift",
    async () => (await import("./commands/deployCommand.ts")).buildDeployCommand(),
  ],
  watch: [
    "show the progress of a stack's cells or mixtures; can be closed and reopened at any time",
    async () => (await import("./commands/watchCommand.ts")).buildWatchCommand(),
  ],
  explain: [
    "explain why a cell waits: its objects, the cluster's messages and events, what to do next",
    async () => (await import("./commands/explainCommand.ts")).buildExplainCommand(),
  ],
  retry: [
    "resubmit runs that failed permanently; a training resumes from its newest checkpoint",
    async () => (await import("./commands/stackCommands.ts")).buildRetryCommand(),
  ],
  adopt: [
    "link finished folders of the store under the names of this commit, so that up computes nothing again",
    async () => (await import("./commands/adoptCommand.ts")).buildAdoptCommand(),
  ],
  report: [
    "write an HTML page with the scores of a stack, and report.json next to it",
    async () => (await import("./commands/reportCommand.ts")).buildReportCommand(),
  ],
  export: [
    "write a finished cell's weights in 16 bits with a model card into the store, and upload them (--push)",
    async () => (await import("./commands/exportCommand.ts")).buildExportCommand(),
  ],
  bench: [
    "measure planning, up, admission and goodput, each beside a peer and a bound",
    async () => (await import("./commands/benchCommand.ts")).buildBenchCommand(),
  ],
  refresh: [
    "update Pulumi's state from the cluster; starts and ends nothing",
    async () => (await import("./commands/stackCommands.ts")).buildRefreshCommand(),
  ],
  destroy: [
    "show a stack's jobs, ask, and remove them; corpora, checkpoints and scores in the store are kept",
    async () => (await import("./commands/stackCommands.ts")).buildDestroyCommand(),
  ],
  down: [
    "show what runs on the local hosts, ask, and shut them down; results in the store are kept",
    async () => (await import("./commands/clusterCommands.ts")).buildDownCommand(),
  ],
  kubectl: [
    "run kubectl with the cluster's credentials; begin with --cluster STACK to use a cluster other than dev",
    async () => (await import("./commands/passThroughCommands.ts")).buildKubectlCommand(),
  ],
  pulumi: [
    "run pulumi with this checkout's state and plugins",
    async () => (await import("./commands/passThroughCommands.ts")).buildPulumiCommand(),
  ],
  doctor: [
    "check what is installed on this machine, what is missing and how to fix it",
    async () => (await import("./commands/doctorCommand.ts")).buildDoctorCommand(),
  ],
  test: [
    "run all tests, or only the named parts",
    async () => (await import("./commands/testCommand.ts")).buildTestCommand(),
  ],
  completion: [
    "print a script that completes commands, flags, stacks and cells in bash, zsh or fish",
    async () => (await import("./commands/completionCommand.ts")).buildCompletionCommand(),
  ],
  [completeCommand]: [
    "list the words that may come next, for the scripts of completion",
    async () => (await import("./commands/completionCommand.ts")).buildCompleteCommand(),
  ],
};

/** Commands that take every word after their name as it is. */
const passThroughCommands = ["kubectl", "pulumi", completeCommand];

function readVersion(): string {
  const { version } = JSON.parse(readFileSync(resolve(checkoutDirectory, "package.json"), "utf8")) as {
    version: string;
  };
  return version;
}

async function buildCommandLine(words: readonly string[]): Promise<Command> {
  const mixcpt = new Command("mixcpt")
    .description("The MixCPT continual-pretraining matrix as Pulumi code")
    .version(readVersion(), "-V, --version", "print the version")
    .enablePositionalOptions()
    .showHelpAfterError("(--help lists the commands)");
  for (const [name, [description, load]] of Object.entries(commandLoaders)) {
    const command = words.includes(name) ? await load() : new Command(name);
    mixcpt.addCommand(
      command.showHelpAfterError().description(description).passThroughOptions(passThroughCommands.includes(name)),
      { hidden: name === completeCommand },
    );
  }
  return mixcpt;
}

const commandWords = process.argv.slice(2);
handleOutputErrors(commandWords[0]);
bypassProxy();
try {
  await (await buildCommandLine(commandWords)).parseAsync();
} catch (error) {
  console.error(`\n${explainError(error)}`);
  process.exitCode = 1;
}
