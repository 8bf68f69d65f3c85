import { serializeCanonically } from "../kube/contentHash.ts";
import { affectsResult } from "./recipeSchema.ts";
import { preprocessingSettings } from "./tokenizedCorpus.ts";

/** A recipe as somebody else wrote it down: a run's record, say. */
export type RecipeSettings = Readonly<Record<string, unknown>>;

/** A run's hash covers the preprocessing by the folder of its tokens, so that some of its settings are not in the recipe's own part. */
function isComparedSetting(setting: string): boolean {
  return affectsResult(setting) || preprocessingSettings.includes(setting);
}

/** The settings in which two recipes differ, of those that can change a result. One that is left out differs from one that is not. */
export function listChangedSettings(one: RecipeSettings, other: RecipeSettings): string[] {
  const settings = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(isComparedSetting);
  return settings
    .filter(
      (setting) => serializeCanonically({ value: one[setting] }) !== serializeCanonically({ value: other[setting] }),
    )
    .sort();
}
