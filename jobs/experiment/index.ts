export type { BaseExperiment } from "./baseExperiment.ts";
export { buildExperiment, buildProvisionalExperiment, listRunManifests } from "./buildExperiment.ts";
export type { CellExperiment, Experiment, MixtureExperiment } from "./cellExperiment.ts";
export { parseFamilyConfig, parseStackConfig } from "./parseStackConfig.ts";
