import type { CommonConfig } from "../config/index.ts";
import { hubRepositories } from "../matrix/index.ts";

/** Stands for a commit that is not named yet. */
export const placeholderRevision = "0".repeat(40);

/** The same configuration where every repository that some stack must read has a commit. */
export function fillPlaceholderRevisions<Config extends CommonConfig>(config: Config): Config {
  return {
    ...config,
    revisions: {
      ...Object.fromEntries(hubRepositories.map((repository) => [repository, placeholderRevision])),
      ...config.revisions,
    },
  };
}
