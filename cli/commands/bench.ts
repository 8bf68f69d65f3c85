import { Command, Option } from "commander";
import { benchEvaluate } from "../bench/evaluate.ts";
import { benchPlan } from "../bench/plan.ts";

const evaluateCommand = (): Command =>
  new Command("evaluate")
    .description("the evaluation against the study's way and against what the machine could do")
    .addOption(new Option("--device <device>", "what computes").choices(["cpu", "cuda"]).default("cpu"))
    .option("--python <program>", "a Python with torch and transformers (default: the evaluation image's)")
    .argument("[options...]", "after --: options of the measuring program; -- --help shows them")
    .action(async (rest: string[], { device, python }: { device: string; python?: string }) => {
      process.exitCode = await benchEvaluate({ device, rest, ...(python !== undefined && { python }) });
    });

const planCommand = (): Command =>
  new Command("plan").description("the plan of 36 and of ten thousand cells, and the order of submission beside an exact solver").action(async () => {
    process.exitCode = await benchPlan();
  });

export const benchCommand = (): Command => new Command("bench").description("measure a part of the study's work").addCommand(evaluateCommand()).addCommand(planCommand());
