import { Argument, Command } from "commander";
import type { SetupScope } from "../setup/scopeNeeds.ts";
import { runSetup } from "../setup/runSetup.ts";
import { formatDuration } from "../terminal/durationAndBar.ts";
import { printLine } from "../terminal/printLine.ts";

const scopeArgument = new Argument(
  "[scope]",
  "client: only the programs that talk to an existing cluster; needs neither root nor Debian; " +
    "demo: all but kube-vip and Cilium's manifests; cilium: all, and Cilium's images for local hosts; " +
    "signing: only syft, oras and cosign, for images push and verify",
)
  .choices(["all", "client", "demo", "cilium", "signing"] satisfies SetupScope[])
  .default("all");

export function buildSetupCommand(): Command {
  return new Command("setup").addArgument(scopeArgument).action(async (scope: SetupScope) => {
    const started = Date.now();
    await runSetup(scope);
    printLine(`setup is complete after ${formatDuration((Date.now() - started) / 1000)}`);
  });
}
