import { resolve } from "node:path";
import { execa } from "execa";
import { checkout } from "../../infra/environment.ts";

/** Prints how fast a plan is, and how near its order is to the best one. Returns the exit code. */
export async function benchPlan(): Promise<number> {
  const program = resolve(checkout, "tests/bench/plan.ts");
  const { exitCode } = await execa(process.execPath, ["--disable-warning=ExperimentalWarning", program], { cwd: checkout, stdio: "inherit", reject: false });
  return exitCode ?? 1;
}
