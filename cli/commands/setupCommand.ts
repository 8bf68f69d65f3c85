import { Argument, Command } from "commander";
import type { SetupScope } from "../setup/setupScope.ts";
import { runSetup } from "../setup/runSetup.ts";
import { formatDuration } from "../terminal/durationAndBar.ts";

const scopeArgument = new Argument(
  "[scope]",
  "client: only what talks to a cluster that is there; neither root nor Debian is needed",
)
  .choices(["all", "client"] satisfies SetupScope[])
  .default("all");

export function buildSetupCommand(): Command {
  return new Command("setup").addArgument(scopeArgument).action(async (chosen: SetupScope) => {
    const started = Date.now();
    await runSetup(chosen);
    console.log(`set-up is complete after ${formatDuration((Date.now() - started) / 1000)}`);
  });
}
