import { hubRepositories } from "../matrix/hubRepositories.ts";
import type { CommonConfig } from "./stackConfig.ts";

/** Takes the place of a commit that is not chosen yet. */
export const placeholderRevision = "0".repeat(40);

/** Returns the configuration with a placeholder commit for every repository that still lacks one. */
export function fillPlaceholderRevisions<Config extends CommonConfig>(config: Config): Config {
  return {
    ...config,
    revisions: {
      ...Object.fromEntries(hubRepositories.map((repository) => [repository, placeholderRevision])),
      ...config.revisions,
    },
  };
}
