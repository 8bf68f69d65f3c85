import { findMissingCorpora } from "../../jobs/checks/corpora.ts";
import type { ClusterOutputs } from "../../jobs/kube/outputs.ts";
import type { CorporaConfig, FamilyConfig } from "../../jobs/matrix/index.ts";
import type { LintFinding } from "../../jobs/plan/index.ts";
import { listDeclaredStacks, readStackValues } from "../engine/declared.ts";
import { loadStackConfig } from "./stackFile.ts";

/** The stacks of corpora that this checkout declares for a cluster. */
function readCorporaStacks(cluster: string): CorporaConfig[] {
  const makers = listDeclaredStacks("mixcpt").filter((stack) => readStackValues("mixcpt", stack)["mixcpt:kind"] === "corpora");
  return makers.map(loadStackConfig).flatMap((config) => (config.kind === "corpora" && config.cluster === cluster ? [config] : []));
}

/**
 * Corpora that a stack's cells wait for and that no declared stack makes.
 * @throws ConfigError with all problems of the file of a stack of corpora
 */
export const checkDeclaredCorpora = (config: FamilyConfig | CorporaConfig, cluster: ClusterOutputs): LintFinding[] =>
  (config.kind === "corpora" ? [] : findMissingCorpora(config, readCorporaStacks(config.cluster), cluster));
