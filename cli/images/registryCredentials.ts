import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, resolve } from "node:path";
import { z } from "zod";
import { listCredentialFiles } from "../../workspace/environment.ts";

const credentialsSchema = z.object({
  auths: z.record(z.string(), z.unknown()).default({}),
  credHelpers: z.record(z.string(), z.unknown()).default({}),
});

/** True if the text of a file of credentials, of skopeo or Docker, has some for the registry of an image. */
export function hasCredentials(text: string, reference: string): boolean {
  const [host = ""] = reference.split("/");
  const { success, data } = credentialsSchema.safeParse(parseJson(text));
  if (!success) return false;
  const keys = [...Object.keys(data.auths), ...Object.keys(data.credHelpers)];
  return keys.some((key) => key === host || key.startsWith(`${host}/`));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Runs a program with the credentials that skopeo would use for an image. Programs other than skopeo look in Docker's
 * folder alone: they get a temporary one, with a link to skopeo's file.
 */
export async function withRegistryCredentials<T>(
  reference: string,
  use: (env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const file = listCredentialFiles().find(
    (path) => existsSync(path) && hasCredentials(readFileSync(path, "utf8"), reference),
  );
  if (file === undefined) return use({});
  if (basename(file) === "config.json") return use({ DOCKER_CONFIG: dirname(file) });
  const folder = mkdtempSync(resolve(tmpdir(), "mixcpt-registry-"));
  try {
    symlinkSync(file, resolve(folder, "config.json"));
    return await use({ DOCKER_CONFIG: folder });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
