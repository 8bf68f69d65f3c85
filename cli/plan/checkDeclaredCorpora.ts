import { findMissingCorpora } from "../../jobs/lint/refusals/missingCorpora.ts";
import type { ClusterOutputs } from "../../jobs/kube/clusterOutputs.ts";
import type { CorporaConfig, StackConfig } from "../../jobs/config/index.ts";
import type { LintFinding } from "../../jobs/lint/warnings/lintRule.ts";
import { listDeclaredStacks, readStackValues } from "../engine/stackDeclarations.ts";
import { loadStackConfig } from "./loadStackConfig.ts";

/** The configurations of all stacks of corpora that this checkout declares for a cluster. */
function readCorporaStacks(cluster: string): CorporaConfig[] {
  const corporaStacks = listDeclaredStacks("mixcpt").filter(
    (stack) => readStackValues("mixcpt", stack)["mixcpt:kind"] === "corpora",
  );
  return corporaStacks
    .map(loadStackConfig)
    .flatMap((config) => (config.kind === "corpora" && config.cluster === cluster ? [config] : []));
}

/**
 * Finds corpora that a stack's cells would wait for but that no declared stack builds. A stack that names its corpora
 * stack cannot miss one, and does not depend on the files of others.
 * @throws ConfigError with all problems of a corpora stack's file
 */
export function checkDeclaredCorpora(config: StackConfig, cluster: ClusterOutputs): LintFinding[] {
  if (config.kind !== "family" || config.corpora !== undefined) return [];
  return findMissingCorpora(config, readCorporaStacks(config.cluster), cluster);
}
