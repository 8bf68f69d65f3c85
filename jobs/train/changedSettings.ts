import { serializeCanonically } from "../kube/contentHash.ts";
import { affectsResult } from "./recipeSchema.ts";
import { preprocessingSettings } from "./tokenizedCorpus.ts";

/** A recipe from an external source, for example the record of a run. */
export type RecipeSettings = Readonly<Record<string, unknown>>;

/** A run's hash covers the preprocessing by the folder of its tokens, so its settings count in addition. */
function isComparedSetting(setting: string): boolean {
  return affectsResult(setting) || preprocessingSettings.includes(setting);
}

/**
 * Lists the settings that can change a result and that differ between two recipes. A setting that only one recipe has
 * differs.
 */
export function listChangedSettings(one: RecipeSettings, other: RecipeSettings): string[] {
  const settings = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(isComparedSetting);
  return settings
    .filter(
      (setting) => serializeCanonically({ value: one[setting] }) !== serializeCanonically({ value: other[setting] }),
    )
    .sort();
}
