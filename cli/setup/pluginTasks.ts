import { resolve } from "node:path";
import { resolvePulumiHome } from "../../workspace/environment.ts";
import type { ProviderName } from "../engine/pluginSources.ts";
import { findPluginSource, pulumiProviders, readPinnedPluginVersion } from "../engine/pluginSources.ts";
import { explainError } from "../explainError.ts";
import { resolveProgramsFolder } from "./goPrograms.ts";
import { probeRelease } from "./release/releaseProbe.ts";
import { areReleasesWanted, formatPluginArchive, formatPluginFolder, resolveMirror } from "./release/releaseTable.ts";
import type { SetupTask } from "./setupTask.ts";

/**
 * Defines the task that lets Pulumi install a provider's plugin into the user's own plugin folder. A failure is printed
 * and does not end setup: the project's stand-in does the work then.
 */
function definePluginTask(provider: ProviderName): SetupTask {
  const version = `v${readPinnedPluginVersion(provider)}`;
  const title = `Pulumi plugin ${provider} ${version}`;
  return {
    title,
    // beside the build caches, which are removed: the plugin itself is in Pulumi's folder
    output: `build/plugin-${provider}-${version}`,
    minutes: 1,
    build: async (_directory, run, reporter) => {
      const pulumi = resolve(resolveProgramsFolder("pulumi"), "pulumi");
      const server = ["--server", resolveMirror(formatPluginFolder(provider, version))];
      try {
        await run(pulumi, ["plugin", "install", "resource", provider, version, "--exact", ...server], {
          env: { PULUMI_HOME: resolvePulumiHome() },
        });
      } catch (error) {
        reporter.printLine(`  !  ${title}: ${explainError(error)}\n     using this project's stand-in`);
      }
    },
  };
}

/** Lists the tasks for the plugins that are not installed and whose releases are reachable. */
export async function listPluginTasks(): Promise<SetupTask[]> {
  if (!areReleasesWanted()) return [];
  const missing = pulumiProviders.filter((provider) => findPluginSource(provider).kind === "stand-in");
  const probes = await Promise.all(
    missing.map((provider) =>
      probeRelease(resolveMirror(formatPluginArchive(provider, `v${readPinnedPluginVersion(provider)}`))),
    ),
  );
  return missing.filter((_, index) => probes[index]?.isReachable).map(definePluginTask);
}
