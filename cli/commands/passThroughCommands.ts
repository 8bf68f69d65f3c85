import { Command } from "commander";
import { execa } from "execa";
import { buildChildEnvironment } from "../../workspace/environment.ts";
import { readToolchain } from "../../workspace/toolchain.ts";
import { requireKubeconfig, resolveKubeconfigPath } from "../kubernetes/kubeconfigFile.ts";
import { buildPulumiEnvironment } from "../engine/backend.ts";

/** Runs a program on this terminal and takes over its exit code. */
async function runInForeground(
  program: string,
  args: readonly string[],
  variables: Record<string, string> = {},
): Promise<void> {
  const env = buildChildEnvironment({ ...buildPulumiEnvironment(readToolchain()), ...variables });
  const { exitCode } = await execa(program, args, { env, extendEnv: false, stdio: "inherit", reject: false });
  process.exitCode = exitCode ?? 1;
}

function isHelpFlag(word: string | undefined): boolean {
  return word === "--help" || word === "-h";
}

/**
 * Builds a command that passes its arguments on to another program. Only a leading help flag is answered here, so that
 * help needs neither a cluster nor the toolchain.
 */
function buildPassThroughCommand(name: string, run: (args: readonly string[]) => Promise<void>): Command {
  return new Command(name)
    .argument("[arguments...]", `arguments of ${name}`)
    .allowUnknownOption()
    .helpOption(false)
    .action(async (args: string[], _options: unknown, command: Command) => {
      if (isHelpFlag(args[0])) command.outputHelp();
      else await run(args);
    });
}

export function buildKubectlCommand(): Command {
  return buildPassThroughCommand("kubectl", async (args) => {
    const namesCluster = args[0] === "--cluster";
    const cluster = namesCluster ? (args[1] ?? "dev") : "dev";
    requireKubeconfig(cluster);
    await runInForeground("kubectl", namesCluster ? args.slice(2) : args, {
      KUBECONFIG: resolveKubeconfigPath(cluster),
    });
  });
}

export function buildPulumiCommand(): Command {
  return buildPassThroughCommand("pulumi", (args) => runInForeground("pulumi", args));
}
