import type { CategoryName } from "../../jobs/matrix/index.ts";
import { decidingMeasure } from "../category/categoryVerdict.ts";
import type { Contrast } from "../contrast.ts";
import type { ResourceLevel } from "../published/rowSchemas.ts";
import type { Measure } from "../scoreMeasure.ts";

export type ChangeSign = "gain" | "loss";

/** A claim about the effect of some text: in every model, the mean score of the training languages changes so. */
export interface ContrastTest {
  readonly kind: "contrast";
  readonly claim: string;
  readonly contrast: Contrast;
  readonly measure: Measure;
  readonly expected: ChangeSign;
}

/** A claim that in every model the languages of one resource level gain more than the other training languages. */
export interface ResourceTest {
  readonly kind: "resource";
  readonly claim: string;
  readonly contrast: Contrast;
  readonly measure: Measure;
  readonly level: ResourceLevel;
}

/** A share of the cells of a category whose languages change in one direction. */
interface ChangeShare {
  readonly side: "training" | "related";
  readonly expected: ChangeSign;
  readonly atLeast: number;
}

/** A claim about the changes of a category's cells against their base model. It holds if every share is reached. */
export interface ShareTest {
  readonly kind: "share";
  readonly claim: string;
  readonly category: CategoryName;
  readonly shares: readonly ChangeShare[];
}

/** A claim that cells miss the prediction of their category: at least this share of all cells. */
export interface PredictionTest {
  readonly kind: "prediction";
  readonly claim: string;
  readonly atLeast: number;
}

/** A claim about the language of translations, which the paper describes without numbers. */
export interface MixingTest {
  readonly kind: "mixing";
  readonly claim: string;
  readonly contrast: Contrast;
  /** What is missing without such a measure, and how to get it. */
  readonly reason: string;
}

export type ClaimTest = ContrastTest | ResourceTest | ShareTest | PredictionTest | MixingTest;

/** One of the three findings in the abstract of arXiv 2504.04152, and the tests that decide it. */
export interface PaperFinding {
  readonly name: "bilingual" | "code" | "categories";
  readonly title: string;
  /** The claim in this project's words, as close to the abstract as they can be. */
  readonly claim: string;
  readonly tests: readonly ClaimTest[];
}

/** Translation as the paper scores it. */
export const translationMeasures = [
  { benchmark: "flores200", direction: "xx-eng", metric: "bleu" },
  { benchmark: "flores200", direction: "eng-xx", metric: "bleu" },
] as const satisfies readonly Measure[];

const [intoEnglish, fromEnglish] = translationMeasures;

/**
 * "Often" is at least half of the cells and "under certain conditions" a quarter. "Depends on the configuration" is a
 * sixth in each direction: two of the study's twelve cells, because chance alone may move one.
 */
const [often, sometimes, someEachWay] = [1 / 2, 1 / 4, 1 / 6];

const bilingualFinding: PaperFinding = {
  name: "bilingual",
  title: "Bilingual text",
  claim: "Bilingual text improves classification, but often causes language mixing in generation.",
  tests: [
    {
      kind: "contrast",
      claim: "In every model, bilingual instead of monolingual text raises accuracy on SIB-200.",
      contrast: "bilingual",
      measure: decidingMeasure,
      expected: "gain",
    },
    {
      kind: "mixing",
      claim:
        "In every model, bilingual instead of monolingual text lowers the share of translations from English that " +
        "are in the target language.",
      contrast: "bilingual",
      reason:
        "No score says in which language a translation is written. Translations in another language lower BLEU, " +
        "but a lower BLEU has other causes, too. A benchmark of the kind language-identification measures it.",
    },
  ],
};

const codeFinding: PaperFinding = {
  name: "code",
  title: "Code",
  claim:
    "Code consistently improves classification, particularly of low-resource languages, and slightly degrades " +
    "generation.",
  tests: [
    {
      kind: "contrast",
      claim: "In every model, adding code raises accuracy on SIB-200.",
      contrast: "code",
      measure: decidingMeasure,
      expected: "gain",
    },
    {
      kind: "resource",
      claim: "In every model, low-resource languages gain more accuracy from code than the other training languages.",
      contrast: "code",
      measure: decidingMeasure,
      level: "low",
    },
    {
      kind: "contrast",
      claim: "In every model, adding code lowers BLEU into English.",
      contrast: "code",
      measure: intoEnglish,
      expected: "loss",
    },
    {
      kind: "contrast",
      claim: "In every model, adding code lowers BLEU from English.",
      contrast: "code",
      measure: fromEnglish,
      expected: "loss",
    },
  ],
};

const categoriesFinding: PaperFinding = {
  name: "categories",
  title: "Categories",
  claim:
    "Languages deviate from their categories: altruistic ones often harm related languages, selfish ones depend on " +
    "the configuration, and stagnant ones adapt under certain conditions.",
  tests: [
    { kind: "prediction", claim: "At least half of the cells miss the prediction of their category.", atLeast: often },
    {
      kind: "share",
      claim: "In at least half of the altruistic cells, related languages lose accuracy.",
      category: "Alt",
      shares: [{ side: "related", expected: "loss", atLeast: often }],
    },
    {
      kind: "share",
      claim:
        "Related languages gain accuracy in at least a sixth of the selfish cells and lose it in at least " +
        "another sixth.",
      category: "Sel",
      shares: [
        { side: "related", expected: "gain", atLeast: someEachWay },
        { side: "related", expected: "loss", atLeast: someEachWay },
      ],
    },
    {
      kind: "share",
      claim: "In at least a quarter of the stagnant cells, training languages gain accuracy.",
      category: "Stag",
      shares: [{ side: "training", expected: "gain", atLeast: sometimes }],
    },
  ],
};

/** In the order of the abstract. */
export const paperFindings: readonly PaperFinding[] = [bilingualFinding, codeFinding, categoriesFinding];
