import { studyCorpus, suppliesAt } from "../data/index.ts";
import { canonicalJson } from "../kube/hash.ts";
import type { ClusterOutputs } from "../kube/outputs.ts";
import type { AnyCell, CommonConfig, CorporaConfig, StackConfig } from "../matrix/index.ts";
import { cells, familyOf, mixturesOf } from "../matrix/index.ts";
import type { Finding } from "../plan/index.ts";
import { withCommits } from "../undecided.ts";

/** What two stacks say of one key. */
interface Difference {
  key: string;
  here: unknown;
  there: unknown;
}

/** The folder of a cell's corpus, as a stack with these commits names it. */
function folder(cell: AnyCell, config: CommonConfig, cluster: ClusterOutputs): string {
  const { stack, revisions } = withCommits(config);
  return studyCorpus(cell, suppliesAt({ cluster, stack, revisions })).path;
}

function withCommit(config: StackConfig, repository: string, commit: string | undefined): StackConfig {
  const revisions = Object.entries({ ...config.revisions, [repository]: commit }).filter(([, one]) => one !== undefined);
  return { ...config, revisions: Object.fromEntries(revisions) };
}

/** A stack of corpora with its mixtures by `placeOf`. */
interface Maker {
  config: CorporaConfig;
  mixtures: ReadonlyMap<string, AnyCell>;
}

const placeOf = ({ data, category }: AnyCell): string => JSON.stringify([data, category]);

interface Compared {
  cell: AnyCell;
  config: StackConfig;
  cluster: ClusterOutputs;
}

/** The keys that make the folder another one: each by itself, in place of the family's, would change it. */
function differences({ cell, config, cluster }: Compared, { revisions }: CorporaConfig, mixture: AnyCell): Difference[] {
  const { category, ingredients } = mixture.parts;
  const own = folder(cell, config, cluster);
  const changedBy = (parts: Partial<AnyCell["parts"]>) => folder({ ...cell, parts: { ...cell.parts, ...parts } }, config, cluster) !== own;
  const repositories = Object.keys({ ...config.revisions, ...revisions }).filter((one) => folder(cell, withCommit(config, one, revisions[one]), cluster) !== own);
  return [
    ...repositories.map((one) => ({ key: `mixcpt:revisions.${one}`, here: config.revisions[one], there: revisions[one] })),
    ...(changedBy({ category }) ? [{ key: `mixcpt:categories.${cell.category}.tokens`, here: cell.parts.category.tokens, there: category.tokens }] : []),
    ...(changedBy({ ingredients }) ? [{ key: `mixcpt:mixtures.${cell.data}`, here: cell.parts.ingredients, there: ingredients }] : []),
  ];
}

const shown = (value: unknown): string => (value === undefined ? "not given" : canonicalJson(value as object));

/** Why a stack does not make a cell's corpus; undefined where it does. */
function whyNotBy({ config: maker, mixtures }: Maker, compared: Compared): string | undefined {
  const { cell, config, cluster } = compared;
  const file = `Pulumi.${maker.stack}.yaml`;
  const mixture = mixtures.get(placeOf(cell));
  if (mixture === undefined) return `${file} has no such mixture (mixcpt:axes)`;
  if (folder(mixture, maker, cluster) === folder(cell, config, cluster)) return undefined;
  return differences(compared, maker, mixture).map(({ key, here, there }) => `${key} is ${shown(here)} here and ${shown(there)} in ${file}`).join("; ");
}

/** Why none of the stacks makes it; undefined where one does. */
function whyNot(compared: Compared, makers: readonly Maker[]): string | undefined {
  const reasons = makers.map((maker) => whyNotBy(maker, compared));
  if (reasons.length === 0) return `no stack of kind corpora has mixcpt:cluster ${compared.config.cluster}`;
  return reasons.includes(undefined) ? undefined : reasons.join("; ");
}

const makerOf = (config: CorporaConfig): Maker => ({ config, mixtures: new Map(mixturesOf(config).map((mixture) => [placeOf(mixture), mixture])) });

/**
 * Corpora that a family's cells would wait for and that no stack makes: both files name a folder, each by its own commits.
 * @param corpora the stacks of corpora on the same cluster
 */
export function unmadeCorpora(config: StackConfig, corpora: readonly CorporaConfig[], cluster: ClusterOutputs): Finding[] {
  if (familyOf(config).base === undefined) return [];
  const makers = corpora.map(makerOf);
  const reasons = cells(config).map((cell) => ({ id: cell.id, why: whyNot({ cell, config, cluster }, makers) }));
  return [...Map.groupBy(reasons, ({ why }) => why)].flatMap(([why, same]) =>
    (why === undefined ? [] : [{ rule: "corpus-not-made", severity: "error" as const, cells: same.map(({ id }) => id), message: `no stack makes the corpora of these cells, which would wait for them: ${why}` }]));
}
