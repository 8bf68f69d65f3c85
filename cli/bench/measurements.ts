import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { execa } from "execa";
import { checkoutDirectory, resolveCacheDirectory } from "../../workspace/environment.ts";
import { readWorkImageRefs } from "../setup/workImageRefs.ts";
import { runWithExitCode } from "../terminal/runWithExitCode.ts";

interface BenchOptions {
  readonly device: string;
  /** A Python with torch and transformers; by default the evaluation image's. */
  readonly python?: string;
  /** Options that are passed to the benchmark program unchanged. */
  readonly rest: readonly string[];
}

const evaluatePythonPath = ["images/evaluate", "images/base"]
  .map((folder) => resolve(checkoutDirectory, folder))
  .join(":");
const evaluateBenchModule = ["-m", "mixcpt_evaluate.bench"];

const imageHint = "run ./mixcpt setup, or name a Python with torch and transformers: --python PROGRAM";

/** Lists flags that give buildah a scratch storage on top of the storage filled by set-up, which stays unchanged. */
function listStorageFlags(scratch: string): string[] {
  const imageStorage = resolve(resolveCacheDirectory(), "images/build/storage");
  return [
    "--storage-driver",
    "overlay",
    "--root",
    `${scratch}/storage`,
    "--runroot",
    `${scratch}/run`,
    "--storage-opt",
    `overlay.imagestore=${imageStorage}`,
  ];
}

/** Runs the benchmark in the evaluation image, with this checkout's code mounted over the image's. */
async function measureInImage(args: readonly string[]): Promise<number> {
  const image = readWorkImageRefs().evaluate;
  if (!existsSync(resolve(resolveCacheDirectory(), "images/build/storage")))
    throw new Error(`image ${image} is not built; ${imageHint}`);
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
    if (exitCode !== 0) throw new Error(`image ${image} cannot be opened (${stderr.trim()}); ${imageHint}`);
    const mount = [
      "--volume",
      `${resolve(checkoutDirectory, "images")}:/images:ro`,
      "--env",
      "PYTHONPATH=/images/evaluate:/images/base",
    ];
    const run = [...storage, "run", "--isolation", "chroot", ...mount, "bench", "--", "/opt/mixcpt/bin/python"];
    return await runWithExitCode("buildah", [...run, ...args]);
  } finally {
    await execa("buildah", [...storage, "rm", "bench"], { reject: false });
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Measures this evaluation, the study's and the machine's bound. Returns the exit code: 1 if the answers differ. */
export async function measureEvaluation({ device, python, rest }: BenchOptions): Promise<number> {
  const args = [...evaluateBenchModule, "--device", device, ...rest];
  return python === undefined
    ? measureInImage(args)
    : runWithExitCode(python, args, { env: { PYTHONPATH: evaluatePythonPath } });
}

/** Measures the speed of a plan and how close its order is to the optimum. Returns the exit code. */
export async function measurePlanning(): Promise<number> {
  const program = resolve(checkoutDirectory, "tests/bench/planBenchmark.ts");
  return runWithExitCode(process.execPath, ["--disable-warning=ExperimentalWarning", program], {
    cwd: checkoutDirectory,
  });
}
