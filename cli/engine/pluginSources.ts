import { existsSync, readdirSync } from "node:fs";
import { userInfo } from "node:os";
import { resolve } from "node:path";
import { buildChildEnvironment, checkoutDirectory, listPathDirectories } from "../../workspace/environment.ts";

export const pulumiProviders = ["kubernetes", "command"] as const;
export type ProviderName = (typeof pulumiProviders)[number];

/** The origin of a provider's plugin: its vendor, or this project's stand-in (plugins/). */
type PluginSource = { kind: "vendor"; path: string } | { kind: "stand-in"; path: string };

const standInDirectory = resolve(checkoutDirectory, "plugins/bin");

/** Pulumi's own folder by its own rule: the user's home is the one of the password file, whatever HOME says. */
function resolvePulumiHome(): string {
  return buildChildEnvironment({})["PULUMI_HOME"] || resolve(userInfo().homedir, ".pulumi");
}

function findInstalledPlugin(provider: ProviderName): string | undefined {
  const plugins = resolve(resolvePulumiHome(), "plugins");
  if (!existsSync(plugins)) return undefined;
  const folder = readdirSync(plugins).find(
    (name) => name.startsWith(`resource-${provider}-v`) && !/\.(lock|partial)$/.test(name),
  );
  return folder === undefined ? undefined : resolve(plugins, folder);
}

function findPluginOnPath(provider: ProviderName): string | undefined {
  const directories = listPathDirectories().filter((directory) => directory !== standInDirectory);
  return directories
    .map((directory) => resolve(directory, `pulumi-resource-${provider}`))
    .find((path) => existsSync(path));
}

/** The vendor's plugin if one is installed, otherwise this project's stand-in. */
export function findPluginSource(provider: ProviderName): PluginSource {
  const vendor = findPluginOnPath(provider) ?? findInstalledPlugin(provider);
  return vendor === undefined ? { kind: "stand-in", path: standInDirectory } : { kind: "vendor", path: vendor };
}

/** The directory that Pulumi needs on PATH to find the stand-ins; undefined if all vendor plugins are installed. */
export function selectStandInDirectory(): string | undefined {
  return pulumiProviders.every((provider) => findPluginSource(provider).kind === "vendor")
    ? undefined
    : standInDirectory;
}
