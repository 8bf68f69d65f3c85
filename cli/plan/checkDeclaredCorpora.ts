import { findMissingCorpora } from "../../jobs/lint/refusals/missingCorpora.ts";
import type { ClusterOutputs } from "../../jobs/kube/clusterOutputs.ts";
import type { CorporaConfig, FamilyConfig, StackConfig } from "../../jobs/config/index.ts";
import type { LintFinding } from "../../jobs/lint/warnings/lintRule.ts";
import { listDeclaredStacks, readStackValues } from "../engine/stackDeclarations.ts";
import { loadCorporaOfReader, loadStackConfig } from "./loadStackConfig.ts";

/** The configuration of the corpora stack that a stack names, or of all that this checkout declares for its cluster. */
function readCorporaStacks({ stack, corpora, cluster }: FamilyConfig): CorporaConfig[] {
  if (corpora !== undefined) return [loadCorporaOfReader(corpora, stack)].filter((config) => config.kind === "corpora");
  const corporaStacks = listDeclaredStacks("mixcpt").filter(
    (stack) => readStackValues("mixcpt", stack)["mixcpt:kind"] === "corpora",
  );
  return corporaStacks
    .map(loadStackConfig)
    .flatMap((config) => (config.kind === "corpora" && config.cluster === cluster ? [config] : []));
}

/**
 * Finds corpora that a stack's cells would wait for but that no declared stack builds. Where a stack names its corpora
 * stack, that one counts alone: it makes every mixture, but from other text if a commit is in the own file only.
 * @throws ConfigError with all problems of a corpora stack's file
 */
export function checkDeclaredCorpora(config: StackConfig, cluster: ClusterOutputs): LintFinding[] {
  return config.kind === "family" ? findMissingCorpora(config, readCorporaStacks(config), cluster) : [];
}
