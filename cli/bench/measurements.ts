import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { execa } from "execa";
import { buildChildEnvironment, checkoutDirectory, resolveCacheDirectory } from "../../workspace/environment.ts";
import { readWorkImageRefs } from "../setup/workImageRefs.ts";

export interface BenchOptions {
  readonly device: string;
  /** A Python with torch and transformers; the evaluation image's where it is left out. */
  readonly python?: string;
  /** Handed on to the measuring program as they are. */
  readonly rest: readonly string[];
}

const evaluatePythonPath = ["images/evaluate", "images/base"]
  .map((folder) => resolve(checkoutDirectory, folder))
  .join(":");
const evaluateBenchModule = ["-m", "mixcpt_evaluate.bench"];

async function runWithExitCode(command: string, args: readonly string[], env: Record<string, string>): Promise<number> {
  const { exitCode } = await execa(command, args, {
    env: buildChildEnvironment(env),
    extendEnv: false,
    stdio: "inherit",
    reject: false,
  });
  return exitCode ?? 1;
}

/** buildah with a storage of its own on top of the one that set-up filled, which stays as it is. */
function listStorageFlags(scratch: string): string[] {
  const images = resolve(resolveCacheDirectory(), "images/build/storage");
  return [
    "--storage-driver",
    "overlay",
    "--root",
    `${scratch}/storage`,
    "--runroot",
    `${scratch}/run`,
    "--storage-opt",
    `overlay.imagestore=${images}`,
  ];
}

/** Measures inside the evaluation image, with this checkout's code mounted over the image's. */
async function measureInImage(args: readonly string[]): Promise<number> {
  const image = readWorkImageRefs().evaluate;
  if (!existsSync(resolve(resolveCacheDirectory(), "images/build/storage")))
    throw new Error(
      `image ${image} is not built: run ./mixcpt setup, or name a Python with torch and transformers: --python PROGRAM`,
    );
  const parent = resolve(resolveCacheDirectory(), "bench");
  mkdirSync(parent, { recursive: true });
  const scratch = mkdtempSync(`${parent}/`);
  const storage = listStorageFlags(scratch);
  try {
    const { exitCode, stderr } = await execa(
      "buildah",
      [...storage, "from", "--pull=never", "--name", "bench", image],
      { reject: false },
    );
    if (exitCode !== 0)
      throw new Error(
        `image ${image} cannot be opened (${stderr.trim()}): run ./mixcpt setup, or name a Python with torch and transformers: --python PROGRAM`,
      );
    const mount = [
      "--volume",
      `${resolve(checkoutDirectory, "images")}:/images:ro`,
      "--env",
      "PYTHONPATH=/images/evaluate:/images/base",
    ];
    return await runWithExitCode(
      "buildah",
      [...storage, "run", "--isolation", "chroot", ...mount, "bench", "--", "/opt/mixcpt/bin/python", ...args],
      {},
    );
  } finally {
    await execa("buildah", [...storage, "rm", "bench"], { reject: false });
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Prints the study's way, ours and the bound. Returns the exit code: 1 where the answers differ. */
export async function measureEvaluation({ device, python, rest }: BenchOptions): Promise<number> {
  const args = [...evaluateBenchModule, "--device", device, ...rest];
  return python === undefined
    ? measureInImage(args)
    : runWithExitCode(python, args, { PYTHONPATH: evaluatePythonPath });
}

/** Prints how fast a plan is, and how near its order is to the best one. Returns the exit code. */
export async function measurePlanning(): Promise<number> {
  const program = resolve(checkoutDirectory, "tests/bench/plan.ts");
  const { exitCode } = await execa(process.execPath, ["--disable-warning=ExperimentalWarning", program], {
    cwd: checkoutDirectory,
    stdio: "inherit",
    reject: false,
  });
  return exitCode ?? 1;
}
