import type { CommonConfig } from "../config/index.ts";
import { buildMiniatureMixture, listMixtureParts, sourceNames } from "../data/index.ts";
import type { Cell, Ingredient, TextSource } from "../matrix/index.ts";
import { dataRepositories, english } from "../matrix/index.ts";
import { findKnownLicense } from "./knownLicenses.ts";

type HubCommits = Pick<CommonConfig, "revisions">;

/** The hub's word for a license that nobody has recorded. */
export const unknownLicense = "unknown";

/** A source of text as the card names it. */
export interface CardSource {
  readonly name: string;
  readonly repository?: string;
  readonly revision?: string;
  readonly license?: string;
}

function describeIngredient(ingredient: Ingredient, { revisions }: HubCommits): CardSource {
  const name = sourceNames[ingredient];
  if (ingredient === "bilingual") return { name };
  const repository = dataRepositories[ingredient];
  const [revision, license] = [revisions[repository], findKnownLicense(repository)];
  return { name, repository, ...(revision !== undefined && { revision }), ...(license !== undefined && { license }) };
}

/** Describes a source that the stack adds; one that is a folder of the store has no repository. */
function describeAddedSource([name, source]: [string, TextSource]): CardSource {
  const { repository, revision, license = findKnownLicense(repository) } = source;
  return {
    name,
    ...(repository !== undefined && { repository }),
    ...(revision !== undefined && { revision }),
    ...(license !== undefined && { license }),
  };
}

/** A cell or a mixture whose text is described. The text of a miniature is in the image. */
interface DescribedText {
  readonly cell: Cell;
  readonly isMiniature: boolean;
}

/** Lists the sources of a text. The miniature's have no repository. */
export function listCardSources({ cell, isMiniature }: DescribedText, commits: HubCommits): CardSource[] {
  const { ingredients, weights } = cell.parts;
  if (isMiniature)
    return [...new Set(buildMiniatureMixture(cell).sources.map(({ kind }) => kind))].map((name) => ({ name }));
  return [
    ...ingredients.map((ingredient) => describeIngredient(ingredient, commits)),
    ...Object.entries(weights?.sources ?? {}).map(describeAddedSource),
  ];
}

/** The languages of a text. The miniature has the Declaration in English beside every mixture. */
export function listTextLanguages({ cell: { parts }, isMiniature }: DescribedText): string[] {
  const languages = isMiniature
    ? [english.code, ...parts.category.training]
    : listMixtureParts(parts).flatMap((part) => part.languages);
  return [...new Set(languages)];
}
