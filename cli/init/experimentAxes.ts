import { axisSettings } from "../../jobs/matrix/index.ts";
import { formatAllowedWords } from "../../validation/suggestions.ts";

/** The lists of a stack's axes by the names in `mixcpt:axes`, as texts that are YAML. */
type AxisTexts = Readonly<Record<string, readonly string[]>>;

const seedAxis = { seed: ["1", "2"] };

/** The names of the mixtures that a new stack file defines. */
export const codeMixtures = ["Mono20Code", "Mono40Code"] as const;

function parseAxisWord(word: string): AxisTexts {
  if (word === "mixtures") return { data: codeMixtures };
  if (word === "seeds") return seedAxis;
  const [name = "", values] = word.split("=");
  const settings = Object.keys(axisSettings);
  if (values === undefined || !settings.includes(name))
    throw new Error(
      `--vary: ${JSON.stringify(word)} is not allowed; ${formatAllowedWords(word, ["mixtures", "seeds"])}, ` +
        `or SETTING=VALUE,VALUE with one of ${settings.join(", ")}`,
    );
  const texts = values.split(",");
  const unusable = texts.filter((text) => !/^[\w.+-]+$/.test(text));
  if (unusable.length > 0)
    throw new Error(
      `--vary: ${name} has the values ${JSON.stringify(unusable)}; must be numbers or names, such as ${name}=1,2`,
    );
  return { [name]: texts };
}

/**
 * Reads what a user wants to vary. Without `mixtures`, the cells have the study's monolingual text.
 * @throws Error with all words that are not allowed
 */
export function parseVariedAxes(vary: string): AxisTexts {
  const errors: string[] = [];
  const axes = [{ data: ["Mono"] }, { categories: ["Stag"] }] as AxisTexts[];
  const names = new Set<string>();
  for (const word of vary.split(/\s+/).filter((text) => text !== "")) {
    try {
      const axis = parseAxisWord(word);
      const [name = ""] = Object.keys(axis);
      if (names.has(name)) throw new Error(`--vary: ${name} is given twice; write all values in one word`);
      names.add(name);
      axes.push(axis);
    } catch (error) {
      errors.push((error as Error).message);
    }
  }
  if (errors.length > 0) throw new Error(errors.join("\n"));
  return Object.assign({}, ...axes) as AxisTexts;
}
