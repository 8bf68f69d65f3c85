import { Command } from "commander";
import { explainError } from "./explainError.ts";

/** What a command says of itself, and where it is: only what was asked for is read, since Pulumi alone takes a second. */
const commandLoaders: Readonly<Record<string, [string, () => Promise<Command>]>> = {
  demo: [
    "all of it on this machine: set-up, cluster, 12 cells of a tiny family, report",
    async () => (await import("./commands/demoCommand.ts")).buildDemoCommand(),
  ],
  setup: [
    "build what is missing of the local toolchain and images",
    async () => (await import("./commands/setupCommand.ts")).buildSetupCommand(),
  ],
  cluster: [
    "the machine of the experiments (Pulumi project infra/)",
    async () => (await import("./commands/clusterCommands.ts")).buildClusterCommand(),
  ],
  plan: [
    "what would run: cells or mixtures, GPU-hours, memory, disk, waves; needs no cluster",
    async () => (await import("./commands/planCommand.ts")).buildPlanCommand(),
  ],
  render: [
    "all manifests of a stack as YAML, a file per cell; needs no cluster",
    async () => (await import("./commands/renderCommand.ts")).buildRenderCommand(),
  ],
  up: [
    "submit the cells of a stack (pulumi up) and return; what is there and unchanged is left alone",
    async () => (await import("./commands/stackCommands.ts")).buildUpCommand(),
  ],
  preview: [
    "what up would change, on the cluster or from one commit to another",
    async () => (await import("./commands/previewCommand.ts")).buildPreviewCommand(),
  ],
  watch: [
    "show the cells of a stack, or the mixtures of corpora, as they go on; may be closed and opened again at any time",
    async () => (await import("./commands/watchCommand.ts")).buildWatchCommand(),
  ],
  retry: [
    "submit again what has failed for good; a training goes on from its newest checkpoint",
    async () => (await import("./commands/stackCommands.ts")).buildRetryCommand(),
  ],
  report: [
    "write one HTML page with the scores of a stack, and report.json beside it",
    async () => (await import("./commands/reportCommand.ts")).buildReportCommand(),
  ],
  bench: [
    "how fast evaluation and plan are, beside what the machine allows",
    async () => (await import("./commands/benchCommand.ts")).buildBenchCommand(),
  ],
  refresh: [
    "take what the cluster says into Pulumi's state; starts nothing",
    async () => (await import("./commands/stackCommands.ts")).buildRefreshCommand(),
  ],
  destroy: [
    "remove a stack's jobs from the cluster; corpora, checkpoints and scores in the store stay",
    async () => (await import("./commands/stackCommands.ts")).buildDestroyCommand(),
  ],
  down: [
    "end the local hosts and leave nothing of them behind; results in the store stay",
    async () => (await import("./commands/clusterCommands.ts")).buildDownCommand(),
  ],
  kubectl: [
    "kubectl with the cluster's credentials; --cluster STACK first for another one than dev",
    async () => (await import("./commands/passThroughCommands.ts")).buildKubectlCommand(),
  ],
  pulumi: [
    "pulumi with this checkout's state and plugins",
    async () => (await import("./commands/passThroughCommands.ts")).buildPulumiCommand(),
  ],
  doctor: [
    "what is there, what is missing, what to do",
    async () => (await import("./commands/doctorCommand.ts")).buildDoctorCommand(),
  ],
  test: [
    "run all tests, or the parts named",
    async () => (await import("./commands/testCommand.ts")).buildTestCommand(),
  ],
};

/** Commands whose arguments belong to another program. */
const passThroughCommands = ["kubectl", "pulumi"];

async function buildCommandLine(words: readonly string[]): Promise<Command> {
  const mixcpt = new Command("mixcpt")
    .description("The MixCPT continual-pretraining matrix as Pulumi code")
    .enablePositionalOptions()
    .showHelpAfterError("(--help shows what there is)");
  for (const [name, [says, load]] of Object.entries(commandLoaders)) {
    const command = words.includes(name) ? await load() : new Command(name);
    mixcpt.addCommand(
      command.showHelpAfterError().description(says).passThroughOptions(passThroughCommands.includes(name)),
    );
  }
  return mixcpt;
}

try {
  await (await buildCommandLine(process.argv.slice(2))).parseAsync();
} catch (error) {
  console.error(`\n${explainError(error)}`);
  process.exitCode = 1;
}
