import { buildStudyCorpus, buildPreparationInputs } from "../../data/index.ts";
import { serializeCanonically } from "../../kube/contentHash.ts";
import type { ClusterOutputs } from "../../kube/clusterOutputs.ts";
import type { Cell } from "../../matrix/index.ts";
import type { CommonConfig, CorporaConfig, FamilyConfig } from "../../config/index.ts";
import { listStackCells, getStackFamily, listStackMixtures } from "../../config/index.ts";
import type { LintFinding } from "../../plan/index.ts";
import { fillPlaceholderRevisions } from "../../config/placeholderRevision.ts";

/** What two stacks say of one key. */
interface KeyDifference {
  readonly key: string;
  readonly here: unknown;
  readonly there: unknown;
}

/** The folder of a cell's corpus, as a stack with these commits names it. */
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

/** A stack of corpora with its mixtures by `placeOf`. */
interface CorporaStack {
  readonly config: CorporaConfig;
  readonly mixtures: ReadonlyMap<string, Cell>;
}

function formatMixtureKey({ data, category }: Cell): string {
  return JSON.stringify([data, category]);
}

interface WaitingCell {
  readonly cell: Cell;
  readonly config: FamilyConfig;
  readonly cluster: ClusterOutputs;
}

/** The keys that make the folder another one: each by itself, in place of the family's, would change it. */
function findKeyDifferences(
  { cell, config, cluster }: WaitingCell,
  { revisions }: CorporaConfig,
  mixture: Cell,
): KeyDifference[] {
  const { category, ingredients } = mixture.parts;
  const own = computeCorpusPath(cell, config, cluster);
  const wouldChangePath = (parts: Partial<Cell["parts"]>) =>
    computeCorpusPath({ ...cell, parts: { ...cell.parts, ...parts } }, config, cluster) !== own;
  const repositories = Object.keys({ ...config.revisions, ...revisions }).filter(
    (one) => computeCorpusPath(cell, replaceRevision(config, one, revisions[one]), cluster) !== own,
  );
  return [
    ...repositories.map((one) => ({
      key: `mixcpt:revisions.${one}`,
      here: config.revisions[one],
      there: revisions[one],
    })),
    ...(wouldChangePath({ category })
      ? [{ key: `mixcpt:categories.${cell.category}.tokens`, here: cell.parts.category.tokens, there: category.tokens }]
      : []),
    ...(wouldChangePath({ ingredients })
      ? [{ key: `mixcpt:mixtures.${cell.data}`, here: cell.parts.ingredients, there: ingredients }]
      : []),
  ];
}

function formatKeyValue(value: unknown): string {
  return value === undefined ? "not given" : serializeCanonically(value as object);
}

/** Why a stack does not make a cell's corpus; undefined where it does. */
function explainMismatch({ config: maker, mixtures }: CorporaStack, compared: WaitingCell): string | undefined {
  const { cell, config, cluster } = compared;
  const file = `Pulumi.${maker.stack}.yaml`;
  const mixture = mixtures.get(formatMixtureKey(cell));
  if (mixture === undefined) return `${file} has no such mixture (mixcpt:axes)`;
  if (computeCorpusPath(mixture, maker, cluster) === computeCorpusPath(cell, config, cluster)) return undefined;
  return findKeyDifferences(compared, maker, mixture)
    .map(({ key, here, there }) => `${key} is ${formatKeyValue(here)} here and ${formatKeyValue(there)} in ${file}`)
    .join("; ");
}

/** Why none of the stacks makes it; undefined where one does. */
function explainMissingCorpus(compared: WaitingCell, makers: readonly CorporaStack[]): string | undefined {
  const reasons = makers.map((maker) => explainMismatch(maker, compared));
  if (reasons.length === 0) return `no stack of kind corpora has mixcpt:cluster ${compared.config.cluster}`;
  return reasons.includes(undefined) ? undefined : reasons.join("; ");
}

function indexCorporaStack(config: CorporaConfig): CorporaStack {
  return {
    config,
    mixtures: new Map(listStackMixtures(config).map((mixture) => [formatMixtureKey(mixture), mixture])),
  };
}

/**
 * Corpora that a family's cells would wait for and that no stack makes: both files name a folder, each by its own commits.
 * @param corpora the stacks of corpora on the same cluster
 */
export function findMissingCorpora(
  config: FamilyConfig,
  corpora: readonly CorporaConfig[],
  cluster: ClusterOutputs,
): LintFinding[] {
  if (getStackFamily(config).base === undefined) return [];
  const makers = corpora.map(indexCorporaStack);
  const reasons = listStackCells(config).map((cell) => ({
    id: cell.id,
    why: explainMissingCorpus({ cell, config, cluster }, makers),
  }));
  return [...Map.groupBy(reasons, ({ why }) => why)].flatMap(([why, same]) =>
    why === undefined
      ? []
      : [
          {
            rule: "corpus-not-made",
            severity: "error" as const,
            cells: same.map(({ id }) => id),
            message: `no stack makes the corpora of these cells, which would wait for them: ${why}`,
          },
        ],
  );
}
