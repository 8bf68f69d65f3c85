import { Command } from "commander";
import { readSoftware } from "../../infra/software.ts";
import { readKubeconfig } from "../cluster/cluster.ts";
import { clusterOf } from "../cluster/experiments.ts";
import { submitted } from "../engine/experiments.ts";
import { writeReport } from "../report/writeReport.ts";
import { stackArgument } from "./stackArgument.ts";
import { namespaceName } from "../../infra/platform/experiments.ts";

/** Writes the report of a stack and prints where it lies. */
export async function reportStack(stack: string, outDir: string): Promise<void> {
  const { cells } = await submitted(stack, readSoftware());
  const kubeconfig = readKubeconfig(clusterOf(stack));
  const { path, findings, cellsWithScores, numbers } = await writeReport({ kubeconfig, namespace: namespaceName, stack, cells, outDir });
  for (const finding of findings) console.log(`  ! ${finding}`);
  console.log(`report: ${String(cellsWithScores)} of ${String(cells.length)} cells, ${String(numbers)} numbers: ${path}`);
}

export const reportCommand = (): Command =>
  new Command("report")
    .addArgument(stackArgument())
    .option("--out <directory>", "where to write it", "report")
    .action((stack: string, { out }: { out: string }) => reportStack(stack, out));
