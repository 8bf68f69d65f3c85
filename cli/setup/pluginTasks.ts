import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { checkoutDirectory } from "../../workspace/environment.ts";
import type { ProviderName } from "../engine/pluginSources.ts";
import { findPluginSource, pulumiProviders } from "../engine/pluginSources.ts";
import { explainError } from "../explainError.ts";
import { resolveProgramsFolder } from "./goPrograms.ts";
import { probeRelease } from "./release/releaseProbe.ts";
import { areReleasesWanted, formatPluginArchive, formatPluginFolder, resolveMirror } from "./release/releaseTable.ts";
import type { SetupTask } from "./setupTask.ts";

/** The version of a provider's npm package, which its plugin must match. */
function readPluginVersion(provider: ProviderName): string {
  const { dependencies } = JSON.parse(readFileSync(resolve(checkoutDirectory, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  return `v${dependencies[`@pulumi/${provider}`] ?? ""}`;
}

/**
 * Defines the task that lets Pulumi install a provider's plugin into the user's own plugin folder. A failure is printed
 * and does not end setup: the project's stand-in does the work then.
 */
function definePluginTask(provider: ProviderName): SetupTask {
  const version = readPluginVersion(provider);
  const title = `Pulumi plugin ${provider} ${version}`;
  return {
    title,
    output: `toolchain/plugin-${provider}-${version}`,
    minutes: 1,
    build: async (directory, run, reporter) => {
      const pulumi = resolve(resolveProgramsFolder("pulumi"), "pulumi");
      const server = ["--server", resolveMirror(formatPluginFolder(provider, version))];
      try {
        await run(pulumi, ["plugin", "install", "resource", provider, version, "--exact", ...server]);
      } catch (error) {
        reporter.printLine(`  !  ${title}: ${explainError(error)}\n     using this project's stand-in`);
      }
      writeFileSync(resolve(directory, "server"), server.join(" "));
    },
  };
}

/** Lists the tasks for the plugins that are not installed and whose releases are reachable. */
export async function listPluginTasks(): Promise<SetupTask[]> {
  if (!areReleasesWanted()) return [];
  const missing = pulumiProviders.filter((provider) => findPluginSource(provider).kind === "stand-in");
  const probes = await Promise.all(
    missing.map((provider) => probeRelease(resolveMirror(formatPluginArchive(provider, readPluginVersion(provider))))),
  );
  return missing.filter((_, index) => probes[index]?.isReachable).map(definePluginTask);
}
