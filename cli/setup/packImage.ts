import type { CommandRunner } from "./setupTask.ts";

interface PackedImage {
  readonly reference: string;
  /** A file or a folder of this machine; of a folder, its content. */
  readonly source: string;
  readonly path: string;
  /** None for an image of several programs. */
  readonly entrypoint?: string;
  readonly user: string;
}

export interface PackingContext {
  /** The OCI layout to which the image is added. */
  readonly directory: string;
  /** A scratch folder of buildah. */
  readonly storage: string;
  readonly run: CommandRunner;
}

/** Adds an image that consists of this file or folder alone to an OCI layout. */
export async function packImage(
  { reference, source, path, entrypoint, user }: PackedImage,
  { directory, storage, run }: PackingContext,
): Promise<void> {
  const runBuildah = (...args: string[]) =>
    run("buildah", ["--root", `${storage}/root`, "--runroot", `${storage}/run`, "--storage-driver", "vfs", ...args]);
  const container = await runBuildah("from", "scratch");
  await runBuildah("copy", "--quiet", container, source, path);
  const entrypoints = entrypoint === undefined ? [] : ["--entrypoint", JSON.stringify([entrypoint])];
  await runBuildah("config", ...entrypoints, "--user", user, container);
  await runBuildah("commit", "--quiet", "--rm", container, reference);
  await runBuildah("push", "--quiet", "--disable-compression", reference, `oci:${directory}:${reference}`);
}
