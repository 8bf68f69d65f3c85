import { resolve } from "node:path";
import { callerDirectory, checkoutDirectory } from "../../workspace/environment.ts";
import { explainError } from "../explainError.ts";
import { imagePython, runInImage } from "../setup/runInImage.ts";
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

/** Runs the benchmark in the evaluation image, with this checkout's code mounted over the image's. */
async function measureInImage(args: readonly string[]): Promise<number> {
  try {
    return await runInImage({
      image: readWorkImageRefs().evaluate,
      volumes: [`${resolve(checkoutDirectory, "images")}:/images:ro`],
      env: { PYTHONPATH: "/images/evaluate:/images/base" },
      command: [imagePython, ...args],
    });
  } catch (error) {
    throw new Error(`${explainError(error)}, or name a Python with torch and transformers: --python PROGRAM`);
  }
}

/** A name with a slash is a path, which starts in the caller's folder; any other is searched for on PATH. */
function resolveProgram(program: string): string {
  return program.includes("/") ? resolve(callerDirectory, program) : program;
}

/** Measures this evaluation, the study's and the machine's bound. Returns the exit code: 1 if the answers differ. */
export async function measureEvaluation({ device, python, rest }: BenchOptions): Promise<number> {
  const args = [...evaluateBenchModule, "--device", device, ...rest];
  return python === undefined
    ? measureInImage(args)
    : runWithExitCode(resolveProgram(python), args, { cwd: callerDirectory, env: { PYTHONPATH: evaluatePythonPath } });
}
