import { execa } from "execa";

/** GB (10^9 bytes) that the directories hold on their own file systems; what is mounted inside them is not theirs. */
export async function measureDiskGB(directories: readonly string[]): Promise<number> {
  const { stdout } = await execa("du", ["--one-file-system", "--summarize", "--block-size=1", "--total", ...directories], { reject: false, stderr: "ignore" });
  return Number(stdout.trim().split("\n").at(-1)?.split("\t")[0] ?? NaN) / 1e9;
}
