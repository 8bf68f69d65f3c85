import { findMissingCorpora } from "../../jobs/lint/refusals/missingCorpora.ts";
import type { ClusterOutputs } from "../../jobs/kube/clusterOutputs.ts";
import type { CorporaConfig, FamilyConfig } from "../../jobs/config/index.ts";
import type { LintFinding } from "../../jobs/lint/warnings/lintRule.ts";
import { listDeclaredStacks, readStackValues } from "../engine/stackDeclarations.ts";
import { loadStackConfig } from "./loadStackConfig.ts";

/** The stacks of corpora that this checkout declares for a cluster. */
function readCorporaStacks(cluster: string): CorporaConfig[] {
  const makers = listDeclaredStacks("mixcpt").filter(
    (stack) => readStackValues("mixcpt", stack)["mixcpt:kind"] === "corpora",
  );
  return makers
    .map(loadStackConfig)
    .flatMap((config) => (config.kind === "corpora" && config.cluster === cluster ? [config] : []));
}

/**
 * Corpora that a stack's cells wait for and that no declared stack makes.
 * @throws ConfigError with all problems of the file of a stack of corpora
 */
export function checkDeclaredCorpora(config: FamilyConfig | CorporaConfig, cluster: ClusterOutputs): LintFinding[] {
  return config.kind === "corpora" ? [] : findMissingCorpora(config, readCorporaStacks(config.cluster), cluster);
}
