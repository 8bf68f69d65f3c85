export type { CellFacts, CellSettings } from "./cellFacts.ts";
export { buildCellFacts, buildMemoryFacts, changeExecution, estimateCellMemory } from "./cellFacts.ts";
export type { CheckpointInterval } from "./checkpoints.ts";
export {
  computeCheckpointBytes,
  computeCheckpointInterval,
  computeRunBytes,
  estimateSavingSeconds,
  resolveStoreRate,
} from "./checkpoints.ts";
export type { CorpusBytes } from "./corpusSize.ts";
export { estimateCorpusBytes, languageFilterBytes } from "./corpusSize.ts";
export type { DeviceMemory } from "./deviceMemory.ts";
export { computeUsableGB, isWithinDeviceMemory } from "./deviceMemory.ts";
export type { ServedPrompts } from "./evaluationTime.ts";
export { computeBenchmarkSizes, estimateEvaluationHours, estimateEvaluationNodeHours } from "./evaluationTime.ts";
export { renderCellFormulas, renderEvaluationFormulas, renderMixtureFormulas } from "./formulas.ts";
export type { EstimateRange, StepTime } from "./stepTime.ts";
export { countedGemmShare, estimateStepTime } from "./stepTime.ts";
export type { TrainingEstimate } from "./trainingTime.ts";
export { estimateTraining, sumRanges } from "./trainingTime.ts";
