import { Command, Option } from "commander";
import { measureEvaluation } from "../bench/measurements.ts";
import { measurePlanning } from "../bench/measurements.ts";

function buildBenchEvaluateCommand(): Command {
  return new Command("evaluate")
    .description("the evaluation against the study's way and against what the machine could do")
    .addOption(new Option("--device <device>", "what computes").choices(["cpu", "cuda"]).default("cpu"))
    .option("--python <program>", "a Python with torch and transformers (default: the evaluation image's)")
    .argument("[options...]", "after --: options of the measuring program; -- --help shows them")
    .action(async (rest: string[], { device, python }: { device: string; python?: string }) => {
      process.exitCode = await measureEvaluation({ device, rest, ...(python !== undefined && { python }) });
    });
}

function buildBenchPlanCommand(): Command {
  return new Command("plan")
    .description("the plan of 36 and of ten thousand cells, and the order of submission beside an exact solver")
    .action(async () => {
      process.exitCode = await measurePlanning();
    });
}

export function buildBenchCommand(): Command {
  return new Command("bench")
    .description("measure a part of the study's work")
    .addCommand(buildBenchEvaluateCommand())
    .addCommand(buildBenchPlanCommand());
}
