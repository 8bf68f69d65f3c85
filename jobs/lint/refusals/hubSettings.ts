import type { Problem } from "../../../validation/problems.ts";
import type { CommonConfig, CorporaConfig, EvaluationConfig, FamilyConfig, StackConfig } from "../../config/index.ts";
import { getStackFamily, listEvaluatedModels, listStackCells, listStackMixtures } from "../../config/index.ts";
import type { Ingredient } from "../../matrix/index.ts";
import { benchmarkRepositories, dataRepositories } from "../../matrix/index.ts";

/** Repositories of the hub whose content decides what the corpora of a stack hold. */
function listDataRepositories(config: CorporaConfig | FamilyConfig): string[] {
  const cells = config.kind === "corpora" ? listStackMixtures(config) : listStackCells(config);
  const hasIngredient = (ingredient: Ingredient) => cells.some(({ parts }) => parts.ingredients.includes(ingredient));
  const { tokenizer, languageModel, monolingual, code } = dataRepositories;
  return [
    tokenizer,
    languageModel,
    ...(hasIngredient("monolingual") ? [monolingual] : []),
    ...(hasIngredient("code") ? [code] : []),
  ];
}

function buildUnpinnedProblem(path: string, repository: string): Problem {
  const message =
    "no commit is given, and a branch would move; " +
    `write the 40 digits of one that the history of huggingface.co/${repository} shows`;
  return { rule: "not-pinned", path, value: undefined, message };
}

function checkPinnedRevisions(repositories: readonly string[], { revisions }: CommonConfig): Problem[] {
  return [...new Set(repositories)]
    .filter((repository) => revisions[repository] === undefined)
    .map((repository) => buildUnpinnedProblem(`mixcpt:revisions.${repository}`, repository));
}

function checkTokenSecret(repositories: readonly string[], { tokenSecret }: CommonConfig): Problem[] {
  if (repositories.length === 0 || tokenSecret !== undefined) return [];
  const gated = `${repositories.join(" and ")} ${repositories.length === 1 ? "is" : "are"} gated`;
  const message = `${gated}; name a Secret whose key HF_TOKEN holds the token of an account with access`;
  return [{ rule: "gated-without-token", path: "mixcpt:tokenSecret", value: undefined, message }];
}

/** FLORES+ is gated, SIB-200 is not. */
function listGatedBenchmarks({ revisions }: CommonConfig): string[] {
  return [benchmarkRepositories.flores200].filter((repository) => revisions[repository] !== undefined);
}

/** Checks the models of an evaluation stack: a commit for each of the hub, and access to the gated base models. */
function checkModelSettings(config: EvaluationConfig): Problem[] {
  const models = listEvaluatedModels(config).flatMap(({ id, source }) =>
    source.kind === "hub" ? [{ id, ...source }] : [],
  );
  const gated = Object.values(config.matrix.families).flatMap(({ base }) => (base?.gated ? base.repository : []));
  const repositories = new Set(models.map(({ repository }) => repository));
  return [
    ...models
      .filter(({ revision }) => revision === undefined)
      .map(({ id, repository }) => buildUnpinnedProblem(`mixcpt:models.${id}.revision`, repository)),
    ...checkTokenSecret([...gated.filter((one) => repositories.has(one)), ...listGatedBenchmarks(config)], config),
  ];
}

/**
 * Refuses a stack that leaves open where its models and its text come from. Such a stack can still be planned, because
 * no estimate depends on it. The corpora of a family are made by another stack, and named by the same commits.
 */
export function checkHubSettings(config: StackConfig): Problem[] {
  if (config.kind === "evaluation") return checkModelSettings(config);
  const data = listDataRepositories(config);
  const { code } = dataRepositories;
  const benchmarks = listGatedBenchmarks(config);
  if (config.kind === "corpora")
    return [
      ...checkPinnedRevisions(data, config),
      ...checkTokenSecret([...data.filter((repository) => repository === code), ...benchmarks], config),
    ];
  const { base } = getStackFamily(config);
  if (base === undefined) return [];
  return [
    ...checkPinnedRevisions([base.repository, ...data], config),
    ...checkTokenSecret([...(base.gated ? [base.repository] : []), ...benchmarks], config),
  ];
}
