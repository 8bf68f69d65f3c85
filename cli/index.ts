import { Command } from "commander";
import { benchCommand } from "./commands/bench.ts";
import { clusterCommand, downCommand } from "./commands/cluster.ts";
import { demoCommand } from "./commands/demo.ts";
import { destroyCommand, previewCommand, refreshCommand, upCommand } from "./commands/experiments.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { kubectlCommand, pulumiCommand } from "./commands/passThrough.ts";
import { reportCommand } from "./commands/report.ts";
import { setupCommand } from "./commands/setup.ts";
import { testCommand } from "./commands/test.ts";
import { watchCommand } from "./commands/watch.ts";
import { explain } from "./errors.ts";

const commands = [
  demoCommand, setupCommand, clusterCommand, upCommand, previewCommand, watchCommand, reportCommand, refreshCommand,
  destroyCommand, downCommand, kubectlCommand, pulumiCommand, doctorCommand, testCommand, benchCommand,
];

const mixcpt = new Command("mixcpt")
  .description("The MixCPT continual-pretraining matrix as Pulumi code")
  .enablePositionalOptions()
  .showHelpAfterError("(--help shows what there is)");
for (const command of commands) mixcpt.addCommand(command().passThroughOptions(command === kubectlCommand || command === pulumiCommand));

try {
  await mixcpt.parseAsync();
} catch (error) {
  console.error(`\n${explain(error)}`);
  process.exitCode = 1;
}
