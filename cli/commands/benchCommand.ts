import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { formatAllowedWords } from "../../validation/suggestions.ts";
import { measureEvaluation } from "../bench/measurements.ts";
import { benchmarks, runBenchmarks } from "../bench/runBenchmarks.ts";

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

function buildBenchmarkCommand(benchmark: (typeof benchmarks)[number]): Command {
  return new Command(benchmark.name).description(`measure ${benchmark.description}`).action(async () => {
    process.exitCode = await runBenchmarks([benchmark]);
  });
}

/** Refuses every name: commander parses the argument only where no command of `bench` has that name. */
function buildNameArgument(names: readonly string[]): Argument {
  return new Argument("[name]", `a benchmark: ${names.join(", ")} (default: all but evaluate)`).argParser((name) => {
    throw new InvalidArgumentError(`there is no such benchmark; ${formatAllowedWords(name, names)}`);
  });
}

/** Without the name of a benchmark all run, except that of the evaluation, which needs an image and takes long. */
export function buildBenchCommand(): Command {
  const commands = [...benchmarks.map(buildBenchmarkCommand), buildBenchEvaluateCommand()];
  const command = new Command("bench")
    .addArgument(buildNameArgument(commands.map((one) => one.name())))
    .action(async () => {
      process.exitCode = await runBenchmarks(benchmarks);
    });
  for (const one of commands) command.addCommand(one);
  return command;
}
