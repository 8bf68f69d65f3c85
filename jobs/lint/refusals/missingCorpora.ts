import type { CommonConfig, CorporaConfig, FamilyConfig } from "../../config/index.ts";
import { fillPlaceholderRevisions, getStackFamily, listStackCells, listStackMixtures } from "../../config/index.ts";
import { buildPreparationInputs, buildStudyCorpus } from "../../data/index.ts";
import type { ClusterOutputs } from "../../kube/clusterOutputs.ts";
import { serializeCanonically } from "../../kube/contentHash.ts";
import type { Cell, MixtureWeights } from "../../matrix/index.ts";
import type { LintFinding } from "../warnings/lintRule.ts";

/** A key whose values in the family's file and in the file of the corpora lead to different folders. */
interface KeyDifference {
  readonly key: string;
  readonly familyValue: unknown;
  readonly corporaValue: unknown;
}

/** Returns the folder of a cell's corpus, as a stack with these commits names it. */
function computeCorpusPath(cell: Cell, config: CommonConfig, cluster: ClusterOutputs): string {
  const { stack, revisions } = fillPlaceholderRevisions(config);
  return buildStudyCorpus(cell, buildPreparationInputs({ cluster, stack, revisions })).path;
}

function replaceRevision(config: FamilyConfig, repository: string, commit: string | undefined): FamilyConfig {
  const revisions = Object.entries({ ...config.revisions, [repository]: commit }).filter(
    ([, one]) => one !== undefined,
  );
  return { ...config, revisions: Object.fromEntries(revisions) };
}

/** A stack of corpora with its mixtures by `formatMixtureKey`. */
interface CorporaStack {
  readonly config: CorporaConfig;
  readonly mixtures: ReadonlyMap<string, Cell>;
}

function formatMixtureKey({ data, category }: Cell): string {
  return JSON.stringify([data, category]);
}

function indexCorporaStack(config: CorporaConfig): CorporaStack {
  return {
    config,
    mixtures: new Map(listStackMixtures(config).map((mixture) => [formatMixtureKey(mixture), mixture])),
  };
}

interface WaitingCell {
  readonly cell: Cell;
  readonly config: FamilyConfig;
  readonly cluster: ClusterOutputs;
}

/** Finds the repositories whose commit, replaced by the one of the corpora, changes the folder of the cell's corpus. */
function findRevisionDifferences(
  { cell, config, cluster }: WaitingCell,
  { revisions }: Pick<CorporaConfig, "revisions">,
): KeyDifference[] {
  const path = computeCorpusPath(cell, config, cluster);
  return Object.keys({ ...config.revisions, ...revisions })
    .filter((name) => computeCorpusPath(cell, replaceRevision(config, name, revisions[name]), cluster) !== path)
    .map((name) => ({
      key: `mixcpt:revisions.${name}`,
      familyValue: config.revisions[name],
      corporaValue: revisions[name],
    }));
}

/** Returns the shares of a mixture as a file states them. Its sources have a key of their own. */
function describeWeights({ shares, unit, amount, temperature, repeat }: MixtureWeights): object {
  return { shares, [unit]: amount, temperature, repeat };
}

/** Returns what a mixture contains as a file states it: a list of ingredients, or shares. */
function describeMixture({ weights, ingredients }: Cell["parts"]): unknown {
  return weights === undefined ? ingredients : describeWeights(weights);
}

/** Finds the sources that, replaced by those of the corpora, change the folder of the cell's corpus. */
function findSourceDifferences(
  { weights }: Cell["parts"],
  corporaWeights: MixtureWeights | undefined,
  changesPath: (weights: MixtureWeights) => boolean,
): KeyDifference[] {
  if (weights === undefined || corporaWeights === undefined) return [];
  return Object.entries(weights.sources).flatMap(([name, source]) => {
    const { [name]: other } = corporaWeights.sources;
    if (other === undefined || !changesPath({ ...weights, sources: { ...weights.sources, [name]: other } })) return [];
    return [{ key: `mixcpt:sources.${name}`, familyValue: source, corporaValue: other }];
  });
}

/** Finds the parts of the mixture that, replaced by those of the corpora, change the folder of the cell's corpus. */
function findMixtureDifferences({ cell, config, cluster }: WaitingCell, mixture: Cell): KeyDifference[] {
  const { parts } = cell;
  const { category, ingredients, weights } = mixture.parts;
  const path = computeCorpusPath(cell, config, cluster);
  const changesPath = (changed: Cell["parts"]) =>
    computeCorpusPath({ ...cell, parts: changed }, config, cluster) !== path;
  const words: KeyDifference = {
    key: `mixcpt:categories.${cell.category}.words`,
    familyValue: parts.category.words,
    corporaValue: category.words,
  };
  const contents: KeyDifference = {
    key: `mixcpt:mixtures.${cell.data}`,
    familyValue: describeMixture(parts),
    corporaValue: describeMixture(mixture.parts),
  };
  const shared = weights && { ...weights, sources: { ...weights.sources, ...parts.weights?.sources } };
  const ofCorpora = { family: parts.family, category: parts.category, ingredients, ...(shared && { weights: shared }) };
  return [
    ...(changesPath({ ...parts, category }) ? [words] : []),
    ...findSourceDifferences(parts, weights, (changed) => changesPath({ ...parts, weights: changed })),
    ...(changesPath(ofCorpora) ? [contents] : []),
  ];
}

function formatKeyValue(value: unknown): string {
  return value === undefined ? "not given" : serializeCanonically(value as object);
}

/** Explains why a stack does not make a cell's corpus; undefined if it does. */
function explainMismatch({ config: corpora, mixtures }: CorporaStack, waiting: WaitingCell): string | undefined {
  const { cell, config, cluster } = waiting;
  const file = `Pulumi.${corpora.stack}.yaml`;
  const mixture = mixtures.get(formatMixtureKey(cell));
  const advice = `write mixcpt:corpora: ${corpora.stack} here, so that ${file} makes what these cells read`;
  if (mixture === undefined) return `${file} leaves their mixtures out; ${advice}, or add them to its mixcpt:axes`;
  if (computeCorpusPath(mixture, corpora, cluster) === computeCorpusPath(cell, config, cluster)) return undefined;
  const differences = [...findRevisionDifferences(waiting, corpora), ...findMixtureDifferences(waiting, mixture)];
  const values = differences.map(
    ({ key, familyValue, corporaValue }) =>
      `${key} is ${formatKeyValue(familyValue)} here and ${formatKeyValue(corporaValue)} in ${file}`,
  );
  const cure = config.corpora === undefined ? `keep one of the two, and ${advice}` : `write it in ${file} only`;
  return `${values.join(", ")}; ${cure}`;
}

/** Explains why none of the stacks makes a cell's corpus; undefined if one does. */
function explainMissingCorpus(waiting: WaitingCell, stacks: readonly CorporaStack[]): string | undefined {
  const reasons = stacks.map((stack) => explainMismatch(stack, waiting));
  if (reasons.length === 0)
    return `no stack of kind corpora has mixcpt:cluster ${waiting.config.cluster}; add one or change mixcpt:cluster`;
  return reasons.includes(undefined) ? undefined : reasons.join("; ");
}

/**
 * Finds the corpora that the cells of a family would wait for although no stack makes them: the files of both stacks
 * determine the name of a corpus's folder, and they can differ.
 * @param corpora the stacks of corpora on the same cluster
 */
export function findMissingCorpora(
  config: FamilyConfig,
  corpora: readonly CorporaConfig[],
  cluster: ClusterOutputs,
): LintFinding[] {
  if (getStackFamily(config).base === undefined) return [];
  const stacks = corpora.map(indexCorporaStack);
  const reasons = listStackCells(config).flatMap((cell) => {
    const reason = explainMissingCorpus({ cell, config, cluster }, stacks);
    return reason === undefined ? [] : [{ id: cell.id, reason }];
  });
  return [...Map.groupBy(reasons, ({ reason }) => reason)].map(([reason, cells]) => ({
    rule: "corpus-not-made",
    severity: "error",
    cells: cells.map(({ id }) => id),
    message: `no stack makes the corpora that these cells would wait for: ${reason}`,
  }));
}
