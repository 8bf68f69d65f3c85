import { runExperimentProgram } from "./program.ts";

export const { cells, bases, shared } = await runExperimentProgram();
