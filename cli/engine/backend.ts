import { randomBytes } from "node:crypto";
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, resolve } from "node:path";
import {
  buildChildEnvironment,
  callerDirectory,
  listPathDirectories,
  resolvePulumiHome,
  stateDirectory,
} from "../../workspace/environment.ts";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { prepareEngineHome } from "./engineHome.ts";
import { listPluginFolders } from "./pluginSources.ts";

const passphraseFile = resolve(stateDirectory, "passphrase");
export const pulumiStateDirectory = resolve(stateDirectory, "pulumi");

export function resolveStateFile(project: string, stack: string): string {
  return resolve(pulumiStateDirectory, ".pulumi/stacks", project, `${stack}.json`);
}

/**
 * Creates the passphrase that encrypts secrets in Pulumi's state; it never leaves the checkout's state directory. Two
 * first commands at the same moment use the same one: a state that was encrypted with another could never be read
 * again. A link is made with its whole content, or fails.
 */
function createPassphrase(): void {
  if (existsSync(passphraseFile)) return;
  mkdirSync(dirname(passphraseFile), { recursive: true });
  const candidate = `${passphraseFile}.candidate-${String(process.pid)}`;
  writeFileSync(candidate, randomBytes(24).toString("base64"), { mode: 0o600 });
  try {
    linkSync(candidate, passphraseFile);
  } catch {
    // Another command was first, or the file system has no links.
    if (!existsSync(passphraseFile)) renameSync(candidate, passphraseFile);
  } finally {
    rmSync(candidate, { force: true });
  }
}

const localBackendUrl = `file://${pulumiStateDirectory}`;

/** The backend that the user's environment selects; undefined for the state in this checkout. */
function findOtherBackend(): string | undefined {
  const url = (buildChildEnvironment({})["PULUMI_BACKEND_URL"] ?? "").replace(/\/$/, "");
  const absolute = url.replace(/^file:\/\/(?!~)(.+)$/, (_, path: string) => `file://${resolve(callerDirectory, path)}`);
  return absolute === "" || absolute === localBackendUrl ? undefined : absolute;
}

/** True if the user's environment selects a backend other than the state in this checkout. */
export function hasOtherBackend(): boolean {
  return findOtherBackend() !== undefined;
}

/** The user's backend with the user's passphrase. Pulumi runs in another folder, so relative paths become absolute. */
function otherBackendVariables(url: string): Record<string, string> {
  const { PULUMI_CONFIG_PASSPHRASE_FILE: file } = buildChildEnvironment({});
  return {
    PULUMI_BACKEND_URL: url,
    ...(file ? { PULUMI_CONFIG_PASSPHRASE_FILE: resolve(callerDirectory, file) } : {}),
  };
}

/** The state in this checkout is not compressed, as its files are read and repaired (`stackState.ts`). */
const plainState = { PULUMI_DIY_BACKEND_GZIP: "false", PULUMI_DIY_BACKEND_ZSTD: "false" };

/** The state in this checkout with its passphrase, as text: it takes precedence over a file, another project's too. */
function prepareLocalBackend(): Record<string, string> {
  createPassphrase();
  mkdirSync(pulumiStateDirectory, { recursive: true });
  const passphrase = readFileSync(passphraseFile, "utf8").trim();
  return { PULUMI_BACKEND_URL: localBackendUrl, PULUMI_CONFIG_PASSPHRASE: passphrase, ...plainState };
}

/** The folder with the user's login, which Pulumi would otherwise look for in the home of this project's calls. */
function resolveCredentialsFolder(): string {
  return resolve(callerDirectory, buildChildEnvironment({})["PULUMI_CREDENTIALS_PATH"] || resolvePulumiHome());
}

/**
 * The environment of Pulumi, with its state in this checkout unless the user's environment selects another backend.
 * Pulumi records each step before and after it, whatever the user's environment says: neither the next `up` nor
 * `destroy` finds what a killed `up` has created otherwise.
 * Plugins are found on PATH and never downloaded. The secrets of a stack that another checkout made are decrypted with
 * the salt in its state, because the committed stack file has none.
 */
export function buildPulumiEnvironment({ programs }: Pick<Toolchain, "programs">): Record<string, string> {
  const otherBackend = findOtherBackend();
  const folders = [dirname(process.execPath), ...programs, ...listPluginFolders(), ...listPathDirectories()];
  return {
    ...(otherBackend === undefined ? prepareLocalBackend() : otherBackendVariables(otherBackend)),
    PATH: folders.join(delimiter),
    PULUMI_HOME: prepareEngineHome(),
    PULUMI_CREDENTIALS_PATH: resolveCredentialsFolder(),
    PULUMI_SKIP_CHECKPOINTS: "false",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
    PULUMI_IGNORE_AMBIENT_PLUGINS: "false",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}
