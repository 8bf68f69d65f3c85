import { Command } from "commander";
import { execa } from "execa";
import { childEnvironment } from "../../infra/environment.ts";
import { readSoftware } from "../../infra/software.ts";
import { refuseUnknownCluster } from "../cluster/cluster.ts";
import { kubeconfigFile } from "../cluster/declared.ts";
import { pulumiEnvironment } from "../engine/backend.ts";

async function run(program: string, args: readonly string[], more: Record<string, string> = {}): Promise<void> {
  const env = childEnvironment({ ...pulumiEnvironment(readSoftware()), ...more });
  const { exitCode } = await execa(program, args, { env, extendEnv: false, stdio: "inherit", reject: false });
  process.exitCode = exitCode ?? 1;
}

const isHelp = (word: string | undefined): boolean => word === "--help" || word === "-h";

/** All words are the other program's, but for a first one that asks for help: that is answered by itself, without cluster or toolchain. */
const passing = (name: string, act: (args: readonly string[]) => Promise<void>): Command =>
  new Command(name)
    .argument("[arguments...]", `as ${name} itself takes them`)
    .allowUnknownOption()
    .helpOption(false)
    .action(async (args: string[], _options: unknown, command: Command) => {
      if (isHelp(args[0])) command.outputHelp();
      else await act(args);
    });

export const kubectlCommand = (): Command =>
  passing("kubectl", async (args) => {
    const chosen = args[0] === "--cluster" ? args[1] ?? "dev" : "dev";
    refuseUnknownCluster(chosen);
    await run("kubectl", args[0] === "--cluster" ? args.slice(2) : args, { KUBECONFIG: kubeconfigFile(chosen) });
  });

export const pulumiCommand = (): Command => passing("pulumi", (args) => run("pulumi", args));
