import { unmadeCorpora } from "../../jobs/checks/corpora.ts";
import type { ClusterOutputs } from "../../jobs/kube/outputs.ts";
import type { CorporaConfig, StackConfig } from "../../jobs/matrix/index.ts";
import type { Finding } from "../../jobs/plan/index.ts";
import { declaredStacks, stackValues } from "../engine/declared.ts";
import { readAnyStackFile } from "./stackFile.ts";

/** The stacks of corpora that this checkout declares for a cluster. */
function makersOn(cluster: string): CorporaConfig[] {
  const makers = declaredStacks("mixcpt").filter((stack) => stackValues("mixcpt", stack)["mixcpt:kind"] === "corpora");
  return makers.map(readAnyStackFile).flatMap((config) => (config.kind === "corpora" && config.cluster === cluster ? [config] : []));
}

/**
 * Corpora that a stack's cells wait for and that no declared stack makes.
 * @throws ConfigError with all problems of the file of a stack of corpora
 */
export const corporaFindings = (config: StackConfig | CorporaConfig, cluster: ClusterOutputs): Finding[] =>
  (config.kind === "corpora" ? [] : unmadeCorpora(config, makersOn(config.cluster), cluster));
