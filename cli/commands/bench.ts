import { Command, Option } from "commander";
import { benchEvaluate } from "../bench/evaluate.ts";

const evaluateCommand = (): Command =>
  new Command("evaluate")
    .description("the evaluation against the study's way and against what the machine could do")
    .addOption(new Option("--device <device>", "what computes").choices(["cpu", "cuda"]).default("cpu"))
    .option("--python <program>", "a Python with torch and transformers (default: the evaluation image's)")
    .argument("[options...]", "after --: options of the measuring program; -- --help shows them")
    .action(async (rest: string[], { device, python }: { device: string; python?: string }) => {
      process.exitCode = await benchEvaluate({ device, rest, ...(python !== undefined && { python }) });
    });

export const benchCommand = (): Command => new Command("bench").description("measure a part of the study's work").addCommand(evaluateCommand());
