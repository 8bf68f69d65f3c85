import { Command, Option } from "commander";
import { measureEvaluation, measurePlanning } from "../bench/measurements.ts";

function buildBenchEvaluateCommand(): Command {
  return new Command("evaluate")
    .description("compare the evaluation with the study's implementation and with the limits of the machine")
    .addOption(new Option("--device <device>", "device that runs the model").choices(["cpu", "cuda"]).default("cpu"))
    .option("--python <program>", "a Python with torch and transformers (default: the evaluation image's)")
    .argument("[options...]", "after --: options of the measuring program; -- --help lists them")
    .action(async (rest: string[], { device, python }: { device: string; python?: string }) => {
      process.exitCode = await measureEvaluation({ device, rest, ...(python !== undefined && { python }) });
    });
}

function buildBenchPlanCommand(): Command {
  return new Command("plan")
    .description("time the plan of 36 and of 10,000 cells, and compare the order of submission with an exact solver")
    .action(async () => {
      process.exitCode = await measurePlanning();
    });
}

export function buildBenchCommand(): Command {
  return new Command("bench").addCommand(buildBenchEvaluateCommand()).addCommand(buildBenchPlanCommand());
}
