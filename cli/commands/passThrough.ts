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

const passing = (name: string): Command => new Command(name).argument("[arguments...]").allowUnknownOption().helpOption(false);

export const kubectlCommand = (): Command =>
  passing("kubectl")
    .action(async (args: string[]) => {
      const chosen = args[0] === "--cluster" ? args[1] ?? "dev" : "dev";
      refuseUnknownCluster(chosen);
      await run("kubectl", args[0] === "--cluster" ? args.slice(2) : args, { KUBECONFIG: kubeconfigFile(chosen) });
    });

export const pulumiCommand = (): Command =>
  passing("pulumi")
    .action((args: string[]) => run("pulumi", args));
