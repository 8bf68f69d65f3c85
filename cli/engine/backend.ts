import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, dirname, resolve } from "node:path";
import { childEnvironment, searchPath, stateDirectory } from "../../infra/environment.ts";
import type { Software } from "../../infra/software.ts";
import { pluginPath } from "./plugins.ts";

const passphraseFile = resolve(stateDirectory, "passphrase");
export const pulumiState = resolve(stateDirectory, "pulumi");
export const stateFile = (project: string, stack: string): string => resolve(pulumiState, ".pulumi/stacks", project, `${stack}.json`);

/** Pulumi encrypts secrets in the state with this; it never leaves the checkout's state directory. */
function makePassphrase(): void {
  if (existsSync(passphraseFile)) return;
  mkdirSync(dirname(passphraseFile), { recursive: true });
  writeFileSync(passphraseFile, randomBytes(24).toString("base64"), { mode: 0o600 });
}

const ownBackend = `file://${pulumiState}`;

/** True where the user's environment names another backend than the state in this checkout. */
export function hasOtherBackend(): boolean {
  const chosen = childEnvironment({})["PULUMI_BACKEND_URL"] ?? "";
  return chosen !== "" && chosen.replace(/\/$/, "") !== ownBackend;
}

/** The environment of Pulumi: its state in this checkout unless the user's environment names another backend. */
export function pulumiEnvironment({ programs }: Pick<Software, "programs">): Record<string, string> {
  makePassphrase();
  mkdirSync(pulumiState, { recursive: true });
  const standIns = pluginPath();
  const ours = {
    PULUMI_BACKEND_URL: ownBackend,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile,
  };
  return {
    ...(hasOtherBackend() ? {} : ours),
    PATH: [...(standIns === undefined ? [] : [standIns]), dirname(process.execPath), ...programs, ...searchPath()].join(delimiter),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(standIns === undefined ? {} : { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }),
  };
}
