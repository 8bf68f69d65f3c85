import { runExperimentProgram } from "./experimentProgram.ts";

export const { cells, bases, shared } = await runExperimentProgram();
