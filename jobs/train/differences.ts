import { canonicalJson } from "../kube/hash.ts";
import { isDecisive } from "./recipe.ts";
import { preprocessingSettings } from "./tokenise.ts";

/** A recipe as somebody else wrote it down: a run's record, say. */
export type Settings = Readonly<Record<string, unknown>>;

/** A run's hash covers the preprocessing by the folder of its tokens, so that some of its settings are not in the recipe's own part. */
const changesResult = (setting: string): boolean => isDecisive(setting) || preprocessingSettings.includes(setting);

/** The settings in which two recipes differ, of those that can change a result. One that is left out differs from one that is not. */
export function differences(one: Settings, other: Settings): string[] {
  const settings = [...new Set([...Object.keys(one), ...Object.keys(other)])].filter(changesResult);
  return settings.filter((setting) => canonicalJson({ value: one[setting] }) !== canonicalJson({ value: other[setting] })).sort();
}
