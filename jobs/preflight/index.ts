export {
  parseContainerLog,
  findWorstStatus,
  listCommonFacts,
  listDifferingFacts,
  listFailedNodes,
  listPassedNodes,
  excuseSharedStore,
  markSlowPairs,
  recordStoreWriters,
  selectEarlierNodes,
} from "./checkResults.ts";
export { checkStatuses } from "./checkResults.ts";
export type { CheckResult, CheckStatus, ContainerDocument, TargetResult } from "./checkResults.ts";
export { formatKeptResults, listStaleKeys, parseKeptResults, resultsConfigMap } from "./keptResults.ts";
export { readMeasuredRates } from "./measuredRates.ts";
export { listAllPairs, pairNeighbors } from "./nodePairs.ts";
export type { NodePair } from "./nodePairs.ts";
export {
  buildNodeJob,
  buildPairJobSet,
  preflightContainers,
  preflightLabel,
  testedNodesAnnotation,
} from "./preflightJobs.ts";
export type { PreflightContext, StoreSample } from "./preflightJobs.ts";
