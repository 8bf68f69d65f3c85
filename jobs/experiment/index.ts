export type { BaseExperiment } from "./baseExperiment.ts";
export { buildExperiment, buildProvisionalExperiment, listCellManifests, listRunManifests } from "./buildExperiment.ts";
export type { CellExperiment, Experiment, MixtureExperiment } from "./cellExperiment.ts";
export { parseFamilyConfig, parseStackConfig } from "./parseStackConfig.ts";
export { buildTrainingTask, estimateBaseNodeHours } from "./trainingTask.ts";
