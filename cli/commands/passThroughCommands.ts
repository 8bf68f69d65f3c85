import { Command } from "commander";
import { execa } from "execa";
import { buildChildEnvironment } from "../../workspace/environment.ts";
import { readToolchain } from "../../workspace/toolchain.ts";
import { requireKubeconfig, resolveKubeconfigPath } from "../kubernetes/kubeconfigFile.ts";
import { buildPulumiEnvironment } from "../engine/backend.ts";

async function runInForeground(
  program: string,
  args: readonly string[],
  more: Record<string, string> = {},
): Promise<void> {
  const env = buildChildEnvironment({ ...buildPulumiEnvironment(readToolchain()), ...more });
  const { exitCode } = await execa(program, args, { env, extendEnv: false, stdio: "inherit", reject: false });
  process.exitCode = exitCode ?? 1;
}

function isHelpFlag(word: string | undefined): boolean {
  return word === "--help" || word === "-h";
}

/** All words are the other program's, but for a first one that asks for help: that is answered by itself, without cluster or toolchain. */
function buildPassThroughCommand(name: string, act: (args: readonly string[]) => Promise<void>): Command {
  return new Command(name)
    .argument("[arguments...]", `as ${name} itself takes them`)
    .allowUnknownOption()
    .helpOption(false)
    .action(async (args: string[], _options: unknown, command: Command) => {
      if (isHelpFlag(args[0])) command.outputHelp();
      else await act(args);
    });
}

export function buildKubectlCommand(): Command {
  return buildPassThroughCommand("kubectl", async (args) => {
    const chosen = args[0] === "--cluster" ? (args[1] ?? "dev") : "dev";
    requireKubeconfig(chosen);
    await runInForeground("kubectl", args[0] === "--cluster" ? args.slice(2) : args, {
      KUBECONFIG: resolveKubeconfigPath(chosen),
    });
  });
}

export function buildPulumiCommand(): Command {
  return buildPassThroughCommand("pulumi", (args) => runInForeground("pulumi", args));
}
