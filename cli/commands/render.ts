import { Command } from "commander";
import { openProblems, sketchExperiment } from "../../jobs/experiment.ts";
import { expectedCluster } from "../plan/expectedCluster.ts";
import { readAnyStackFile } from "../plan/stackFile.ts";
import { renderedFiles } from "../render/files.ts";
import { writeRendered } from "../render/write.ts";
import { stackArgument } from "./stackArgument.ts";

function render(stack: string, { out }: { out?: string }): void {
  const config = readAnyStackFile(stack);
  const files = renderedFiles(sketchExperiment(config, expectedCluster(config)));
  for (const { path, message } of openProblems(config)) console.error(`! ${path}: ${message}; until then names and folders are not the final ones`);
  if (out === undefined) process.stdout.write([...files.values()].join(""));
  else console.log(`${out}: ${String(writeRendered(out, files))} files`);
}

export const renderCommand = (): Command =>
  new Command("render")
    .addArgument(stackArgument())
    .option("--out <directory>", "a directory for shared.yaml and a file per cell; without it all goes to the terminal")
    .action(render);
