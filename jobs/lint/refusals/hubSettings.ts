import type { Ingredient } from "../../matrix/index.ts";
import type { Problem } from "../../../validation/problems.ts";
import type { CommonConfig, CorporaConfig, FamilyConfig } from "../../config/index.ts";
import { benchmarkRepositories, dataRepositories } from "../../matrix/index.ts";
import { getStackFamily } from "../../config/index.ts";

/** Repositories of the hub whose content decides what a stack makes. */
function listDataRepositories({ axes, matrix }: CommonConfig): string[] {
  const hasIngredient = (ingredient: Ingredient) =>
    axes.data.some((data) => matrix.mixtures[data]?.includes(ingredient));
  const { tokenizer, languageModel, monolingual, code } = dataRepositories;
  return [
    tokenizer,
    languageModel,
    ...(hasIngredient("monolingual") ? [monolingual] : []),
    ...(hasIngredient("code") ? [code] : []),
  ];
}

function checkPinnedRevisions(repositories: readonly string[], { revisions }: CommonConfig): Problem[] {
  return [...new Set(repositories)]
    .filter((repository) => revisions[repository] === undefined)
    .map((repository) => {
      const page = `huggingface.co/${repository}`;
      const message = `no commit is given, and a branch would move; write the 40 digits of one that the history of ${page} shows`;
      return { rule: "not-pinned", path: `mixcpt:revisions.${repository}`, value: undefined, message };
    });
}

function checkTokenSecret(repositories: readonly string[], { tokenSecret }: CommonConfig): Problem[] {
  if (repositories.length === 0 || tokenSecret !== undefined) return [];
  const message = `${repositories.join(" and ")} ${repositories.length === 1 ? "is" : "are"} open to named readers only; name a Secret whose key HF_TOKEN is the token of one`;
  return [{ rule: "gated-without-token", path: "mixcpt:tokenSecret", value: undefined, message }];
}

/** FLORES+ opens its files to named readers only; SIB-200 to everybody. */
function listGatedBenchmarks({ revisions }: CommonConfig): string[] {
  return [benchmarkRepositories.flores200].filter((repository) => revisions[repository] !== undefined);
}

/**
 * What must be decided before anything runs and changes no estimate: what a stack leaves open of where its models and
 * its text come from. A family's corpora are made elsewhere, and named by the same commits.
 */
export function checkHubSettings(config: FamilyConfig | CorporaConfig): Problem[] {
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
