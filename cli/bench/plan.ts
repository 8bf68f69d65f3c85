import { resolve } from "node:path";
import { execa } from "execa";
import { checkoutDirectory } from "../../infra/environment.ts";

/** Prints how fast a plan is, and how near its order is to the best one. Returns the exit code. */
export async function measurePlanning(): Promise<number> {
  const program = resolve(checkoutDirectory, "tests/bench/plan.ts");
  const { exitCode } = await execa(process.execPath, ["--disable-warning=ExperimentalWarning", program], { cwd: checkoutDirectory, stdio: "inherit", reject: false });
  return exitCode ?? 1;
}
