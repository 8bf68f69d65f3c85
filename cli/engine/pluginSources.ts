import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, resolve } from "node:path";
import { checkoutDirectory, listProgramFolders, resolvePulumiHome } from "../../workspace/environment.ts";
import { compareVersions, parseVersion } from "../../workspace/versions.ts";
import type { Version } from "../../workspace/versions.ts";

export const pulumiProviders = ["kubernetes", "command"] as const;
export type ProviderName = (typeof pulumiProviders)[number];

/** The plugin that serves a provider: its vendor's, or this project's stand-in (plugins/). */
interface PluginSource {
  readonly kind: "vendor" | "stand-in";
  /** The folder of the plugin's program. */
  readonly folder: string;
  /** The reason for the choice, in one line. */
  readonly reason: string;
}

const standInDirectory = resolve(checkoutDirectory, "plugins/bin");

/** Undefined for a pre-release, which may lack what the release has. */
function parseReleaseVersion(text: string): Version | undefined {
  return /^\d+\.\d+\.\d+$/.test(text) ? parseVersion(text) : undefined;
}

function isCompatible(version: Version, required: Version): boolean {
  return version[0] === required[0] && compareVersions(version, required) >= 0;
}

/** The version of a provider's npm package that package.json pins, which declares the resources of the programs. */
export function readPinnedPluginVersion(provider: ProviderName): string {
  const { dependencies } = JSON.parse(readFileSync(resolve(checkoutDirectory, "package.json"), "utf8")) as {
    dependencies: Readonly<Record<string, string>>;
  };
  return dependencies[`@pulumi/${provider}`] ?? "";
}

interface InstalledPlugin {
  readonly folder: string;
  readonly version: Version;
}

/** Lists the complete plugins of a provider that `pulumi plugin install` put into Pulumi's home, newest first. */
function listInstalledPlugins(provider: ProviderName): InstalledPlugin[] {
  const plugins = resolve(resolvePulumiHome(), "plugins");
  if (!existsSync(plugins)) return [];
  const prefix = `resource-${provider}-v`;
  return readdirSync(plugins)
    .filter((name) => name.startsWith(prefix) && !existsSync(resolve(plugins, `${name}.partial`)))
    .flatMap((name) => {
      const [folder, version] = [resolve(plugins, name), parseReleaseVersion(name.slice(prefix.length))];
      const isUsable = version !== undefined && existsSync(resolve(folder, `pulumi-resource-${provider}`));
      return isUsable ? { folder, version } : [];
    })
    .sort((a, b) => compareVersions(b.version, a.version));
}

function findFolderOnPath(provider: ProviderName): string | undefined {
  return listProgramFolders(`pulumi-resource-${provider}`).find((folder) => folder !== standInDirectory);
}

/**
 * Chooses the plugin of a provider: the vendor's on PATH, as Pulumi does; else the newest installed one that is
 * compatible with the version in package.json (same major, not older); else this project's stand-in. Nothing is
 * downloaded.
 */
export function findPluginSource(provider: ProviderName): PluginSource {
  const onPath = findFolderOnPath(provider);
  if (onPath !== undefined)
    return { kind: "vendor", folder: onPath, reason: "it is on PATH, which Pulumi searches first" };
  const pinned = readPinnedPluginVersion(provider);
  const required = parseReleaseVersion(pinned);
  const installed = listInstalledPlugins(provider);
  const compatible = installed.find(({ version }) => required !== undefined && isCompatible(version, required));
  if (compatible !== undefined)
    return { kind: "vendor", folder: compatible.folder, reason: `package.json pins ${pinned}` };
  const others = installed.map(({ folder }) => basename(folder)).join(", ");
  const vendor = others === "" ? "the vendor's is not installed" : `installed: ${others}`;
  const install = `pulumi plugin install resource ${provider} ${pinned}`;
  return {
    kind: "stand-in",
    folder: standInDirectory,
    reason: `${vendor}; the vendor's is used after ./mixcpt ${install}`,
  };
}

/** True if the Kubernetes plugin recognizes the objects of an `up` that was killed before it recorded them. */
export function recognizesOwnObjects(): boolean {
  return findPluginSource("kubernetes").kind === "stand-in";
}

/** The folders to put on PATH so that Pulumi takes the chosen plugins: the vendors', then the stand-ins'. */
export function listPluginFolders(): string[] {
  const sources = pulumiProviders.map(findPluginSource);
  const folders = sources.toSorted((a, b) => Number(a.kind === "stand-in") - Number(b.kind === "stand-in"));
  return [...new Set(folders.map(({ folder }) => folder))];
}
