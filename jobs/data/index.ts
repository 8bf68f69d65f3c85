export type { Artifact, ArtifactContext } from "./artifact.ts";
export { buildDependentArtifact } from "./artifact.ts";
export { locateExternalInputs } from "./externalInputs.ts";
export type { HubContext, HubDataset, HubModelFile } from "./hubDownloads.ts";
export { buildModelDownload } from "./hubDownloads.ts";
export {
  buildMiniatureBenchmarks,
  buildMiniatureCorpus,
  buildUntrainedModel,
  describeMiniatureModel,
  listMiniatureLanguages,
} from "./miniatureArtifacts.ts";
export { buildMiniatureMixture } from "./miniatureMixture.ts";
export type { MixtureTokens } from "./mixtureTokens.ts";
export { estimateMixtureTokens } from "./mixtureTokens.ts";
export type { PreparationInputs } from "./studyCorpus.ts";
export { buildPreparationInputs, buildStudyCorpus } from "./studyCorpus.ts";
export { listMixtureParts } from "./mixtureParts.ts";
export { sourceNames } from "./studySources.ts";
export type { TaskFiles } from "./taskFiles.ts";
export {
  buildAddedDownloads,
  getTaskFolder,
  listBenchmarkDownloadJobs,
  listDownloadJobs,
  locateTaskFiles,
} from "./taskFiles.ts";
export type { TextReading } from "./textReadings.ts";
export { listTextReadings } from "./textReadings.ts";
export { countingFamily } from "./weightedTokens.ts";
export { filterTranslatedLanguages } from "./udhr.ts";
