import { getScript, measuredFamilies } from "../matrix/index.ts";
import type { MixturePart } from "./mixtureParts.ts";
import type { EstimateBand } from "./tokensPerWord.ts";
import { estimateCharactersPerWord, estimateTokensPerWord, spanNumbers } from "./tokensPerWord.ts";

/** The family whose tokenizer counts the tokens of mixtures, because its repository is not gated. */
export const countingFamily = { name: "viking" } as const;

/** Bytes of a character in UTF-8, spaces and punctuation included, by script. Our assumption: the others have 2.7. */
const bytesPerCharacter: Readonly<Record<string, number>> = {
  Latn: 1.03,
  Cyrl: 1.85,
  Grek: 1.85,
  Arab: 1.8,
  Hebr: 1.8,
  Armn: 1.85,
};

/** Bytes of a token and of a word of code, measured on modules of Python, TypeScript and JavaScript. */
const codeBytesPerToken: Readonly<Record<(typeof measuredFamilies)[number], number>> = {
  "llama-2": 3.2,
  "llama-3.1": 4.1,
};
const codeBytesPerWord = 9;

interface PartTokens {
  readonly languages: readonly (readonly [string, EstimateBand])[];
  readonly total: EstimateBand;
}

export function sumBands(bands: readonly EstimateBand[]): EstimateBand {
  const sumEnds = (end: keyof EstimateBand): number => bands.reduce((sum, band) => sum + band[end], 0);
  return { low: sumEnds("low"), likely: sumEnds("likely"), high: sumEnds("high") };
}

export function scaleBand({ low, likely, high }: EstimateBand, factor: number): EstimateBand {
  return { low: low * factor, likely: likely * factor, high: high * factor };
}

function estimateUnitsPerWord(unit: "tokens" | "bytes", language: string): number {
  return unit === "tokens"
    ? estimateTokensPerWord(countingFamily.name, language).likely
    : estimateCharactersPerWord(language) * (bytesPerCharacter[getScript(language)] ?? 2.7);
}

/** Estimates the words of each side of a part. The sides of a pair are as long, in proportion, as the category says. */
export function estimateWordsOfSides({ languages, words = [1], amount }: MixturePart): readonly number[] {
  if (amount.unit === "words") return amount.sides;
  const { unit, count } = amount;
  const units = languages.reduce(
    (sum, language, side) => sum + (words[side] ?? 0) * estimateUnitsPerWord(unit, language),
    0,
  );
  return languages.map((_, side) => (count * (words[side] ?? 0)) / units);
}

/** Estimates the bytes of a token of code; a tokenizer that is not measured lies between those that are. */
function spanCodeBytes(family: string): EstimateBand {
  const measured = measuredFamilies.filter((name) => name === family);
  return spanNumbers((measured.length > 0 ? measured : measuredFamilies).map((name) => codeBytesPerToken[name]));
}

function estimateCodeTokens({ amount }: MixturePart, family: string): EstimateBand {
  const { low, likely, high } = spanCodeBytes(family);
  const estimateBytes = (): number => {
    if (amount.unit === "words") return codeBytesPerWord * (amount.sides[0] ?? 0);
    return amount.unit === "bytes" ? amount.count : amount.count * spanCodeBytes(countingFamily.name).likely;
  };
  const bytes = estimateBytes();
  // other programming languages than the measured ones differ more
  return { low: (0.8 * bytes) / high, likely: bytes / likely, high: (1.2 * bytes) / low };
}

/** Estimates the tokens of a part of a mixture by weight. A budget in tokens is exact for the tokenizer that counts. */
export function estimatePartTokens(part: MixturePart, family: string): PartTokens {
  const { languages, amount } = part;
  const isExact = amount.unit === "tokens" && family === countingFamily.name;
  const estimateSide = (language: string, words: number): EstimateBand => {
    const band = scaleBand(estimateTokensPerWord(family, language), words);
    return isExact ? { low: band.likely, likely: band.likely, high: band.likely } : band;
  };
  if (languages.length === 0 && isExact)
    return { languages: [], total: { low: amount.count, likely: amount.count, high: amount.count } };
  if (languages.length === 0) return { languages: [], total: estimateCodeTokens(part, family) };
  const words = estimateWordsOfSides(part);
  const sides = languages.map((language, side) => [language, estimateSide(language, words[side] ?? 0)] as const);
  return { languages: sides, total: sumBands(sides.map(([, band]) => band)) };
}
