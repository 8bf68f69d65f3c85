import { existsSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { execa } from "execa";
import { deferInterrupts } from "../terminal/deferInterrupts.ts";
import { runWithExitCode } from "../terminal/runWithExitCode.ts";
import { makeScratchFolder, removeAbandonedContainers } from "./scratchContainers.ts";
import { resolveImageCache } from "./workImageRefs.ts";

interface ImageCommand {
  /** `mixcpt.local/evaluate:0123456789ab` */
  readonly image: string;
  /** buildah's `--volume` arguments: `/host/path:/image/path:ro`. */
  readonly volumes: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
}

/** Python of the images, with the packages of their requirements. */
export const imagePython = "/opt/mixcpt/bin/python";

/** The storage that setup fills, below the cache. */
function resolveImageStorage(): string {
  return resolve(resolveImageCache(), "storage");
}

/** buildah's options for a storage in `scratch` on top of the one that setup filled, which stays unchanged. */
function listScratchStorageOptions(scratch: string): string[] {
  const driver = ["--storage-driver", "overlay", "--storage-opt", `overlay.imagestore=${resolveImageStorage()}`];
  return [...driver, "--root", `${scratch}/storage`, "--runroot", `${scratch}/run`];
}

const container = "work";

/**
 * Opens an image that setup built in a storage of its own.
 * @param use gets buildah's options for that storage, in which the container is called `work`
 * @throws Error where the image is not built
 */
async function withContainer<T>(image: string, use: (storage: readonly string[]) => Promise<T>): Promise<T> {
  if (!existsSync(resolveImageStorage())) throw new Error(`image ${image} is not built; run ./mixcpt setup`);
  await removeAbandonedContainers(new Date());
  const scratch = makeScratchFolder();
  const storage = listScratchStorageOptions(scratch);
  try {
    const opened = await execa("buildah", [...storage, "from", "--pull=never", "--name", container, image], {
      reject: false,
    });
    if (opened.exitCode !== 0)
      throw new Error(`image ${image} cannot be opened (${opened.stderr.trim()}); run ./mixcpt setup`);
    return await use(storage);
  } finally {
    await execa("buildah", [...storage, "rm", container], { reject: false });
    rmSync(scratch, { recursive: true, force: true });
  }
}

function listEnvOptions(env: ImageCommand["env"]): string[] {
  return Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
}

/**
 * Runs a program in an image that setup built, with the terminal's streams.
 * @returns the exit code of the program
 * @throws Error where the image is not built
 */
export function runInImage({ image, volumes, env, command }: ImageCommand): Promise<number> {
  return withContainer(image, (storage) => {
    const options = [...volumes.flatMap((volume) => ["--volume", volume]), ...listEnvOptions(env)];
    const run = [...storage, "run", "--isolation", "chroot", ...options, container, "--", ...command];
    return runWithExitCode("buildah", run);
  });
}

/** Makes the root read-only and /tmp empty, as in a pod, and becomes the user `$1` of the group `$2`. */
const enterPod = [
  "mount -o remount,bind,ro /",
  "mount -t tmpfs tmpfs /tmp",
  'cd "$PWD"', // which was below the former /tmp
  "user=$1 group=$2",
  "shift 2",
  'exec setpriv --reuid "$user" --regid "$group" --clear-groups --bounding-set=-all --no-new-privs "$@"',
].join(" && ");

/**
 * Runs a program in an image that setup built as in a pod: by the image's user, who can write to /tmp only.
 * @returns the exit code of the program
 * @throws Error where the image is not built
 */
export function runAsInPod({ image, env, command }: Omit<ImageCommand, "volumes">): Promise<number> {
  return withContainer(image, async (storage) => {
    const inspected = await execa("buildah", [...storage, "inspect", "--format", "{{.OCIv1.Config.User}}", container]);
    const [user = "0", group = user] = (inspected.stdout.trim() || "0").split(":");
    const rights = ["--user", "0:0", "--cap-add", "CAP_SYS_ADMIN"];
    const run = [...storage, "run", "--isolation", "chroot", ...rights, ...listEnvOptions(env), container, "--"];
    return runWithExitCode("buildah", [...run, "sh", "-c", enterPod, "sh", user, group, ...command]);
  });
}

/**
 * Mounts the root of an image that setup built, for reading. Ctrl-C leaves no mount behind.
 * @param use gets the folder
 * @throws Error where the image is not built, and after Ctrl-C
 */
export function withImageRoot<T>(image: string, use: (root: string) => Promise<T>): Promise<T> {
  return deferInterrupts((interrupted) =>
    withContainer(image, async (storage) => {
      const mounted = await execa("buildah", [...storage, "mount", container]);
      try {
        const result = await use(mounted.stdout.trim());
        interrupted.throwIfAborted();
        return result;
      } finally {
        await execa("buildah", [...storage, "umount", container], { reject: false });
      }
    }),
  );
}
