import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { execa } from "execa";
import { cacheDirectory, checkout, childEnvironment } from "../../infra/environment.ts";
import { workImageRefs } from "../setup/workImages.ts";

export interface BenchOptions {
  device: string;
  /** A Python with torch and transformers; the evaluation image's where it is left out. */
  python?: string;
  /** Handed on to the measuring program as they are. */
  rest: readonly string[];
}

const packages = ["images/evaluate", "images/base"].map((folder) => resolve(checkout, folder)).join(":");
const program = ["-m", "mixcpt_evaluate.bench"];

async function run(command: string, args: readonly string[], env: Record<string, string>): Promise<number> {
  const { exitCode } = await execa(command, args, { env: childEnvironment(env), extendEnv: false, stdio: "inherit", reject: false });
  return exitCode ?? 1;
}

/** buildah with a storage of its own on top of the one that set-up filled, which stays as it is. */
function buildah(scratch: string): string[] {
  const images = resolve(cacheDirectory(), "images/build/storage");
  return ["--storage-driver", "overlay", "--root", `${scratch}/storage`, "--runroot", `${scratch}/run`, "--storage-opt", `overlay.imagestore=${images}`];
}

/** Measures inside the evaluation image, with this checkout's code mounted over the image's. */
async function inImage(args: readonly string[]): Promise<number> {
  const image = workImageRefs().evaluate;
  if (!existsSync(resolve(cacheDirectory(), "images/build/storage"))) throw new Error(`image ${image} is not built: run ./mixcpt setup, or name a Python with torch and transformers: --python PROGRAM`);
  const parent = resolve(cacheDirectory(), "bench");
  mkdirSync(parent, { recursive: true });
  const scratch = mkdtempSync(`${parent}/`);
  const storage = buildah(scratch);
  try {
    const { exitCode, stderr } = await execa("buildah", [...storage, "from", "--pull=never", "--name", "bench", image], { reject: false });
    if (exitCode !== 0) throw new Error(`image ${image} cannot be opened (${stderr.trim()}): run ./mixcpt setup, or name a Python with torch and transformers: --python PROGRAM`);
    const mount = ["--volume", `${resolve(checkout, "images")}:/images:ro`, "--env", "PYTHONPATH=/images/evaluate:/images/base"];
    return await run("buildah", [...storage, "run", "--isolation", "chroot", ...mount, "bench", "--", "/opt/mixcpt/bin/python", ...args], {});
  } finally {
    await execa("buildah", [...storage, "rm", "bench"], { reject: false });
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Prints the study's way, ours and the bound. Returns the exit code: 1 where the answers differ. */
export async function benchEvaluate({ device, python, rest }: BenchOptions): Promise<number> {
  const args = [...program, "--device", device, ...rest];
  return python === undefined ? inImage(args) : run(python, args, { PYTHONPATH: packages });
}
