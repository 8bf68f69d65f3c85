import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, resolve } from "node:path";
import { buildChildEnvironment, listPathDirectories, stateDirectory } from "../../workspace/environment.ts";
import type { Toolchain } from "../../workspace/toolchain.ts";
import { selectStandInDirectory } from "./pluginSources.ts";

const passphraseFile = resolve(stateDirectory, "passphrase");
export const pulumiStateDirectory = resolve(stateDirectory, "pulumi");

export function resolveStateFile(project: string, stack: string): string {
  return resolve(pulumiStateDirectory, ".pulumi/stacks", project, `${stack}.json`);
}

/** Creates the passphrase that encrypts secrets in Pulumi's state; it never leaves the checkout's state directory. */
function createPassphrase(): void {
  if (existsSync(passphraseFile)) return;
  mkdirSync(dirname(passphraseFile), { recursive: true });
  writeFileSync(passphraseFile, randomBytes(24).toString("base64"), { mode: 0o600 });
}

const localBackendUrl = `file://${pulumiStateDirectory}`;

/** True if the user's environment selects a backend other than the state in this checkout. */
export function hasOtherBackend(): boolean {
  const backendUrl = buildChildEnvironment({})["PULUMI_BACKEND_URL"] ?? "";
  return backendUrl !== "" && backendUrl.replace(/\/$/, "") !== localBackendUrl;
}

/** The environment of Pulumi, with its state in this checkout unless the user's environment selects another backend. */
export function buildPulumiEnvironment({ programs }: Pick<Toolchain, "programs">): Record<string, string> {
  createPassphrase();
  mkdirSync(pulumiStateDirectory, { recursive: true });
  const standIns = selectStandInDirectory();
  const localBackend = { PULUMI_BACKEND_URL: localBackendUrl, PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile };
  return {
    ...(hasOtherBackend() ? {} : localBackend),
    PATH: [
      ...(standIns === undefined ? [] : [standIns]),
      dirname(process.execPath),
      ...programs,
      ...listPathDirectories(),
    ].join(delimiter),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(standIns === undefined ? {} : { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }),
  };
}
