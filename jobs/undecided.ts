import type { CommonConfig } from "./matrix/index.ts";
import { repositories } from "./matrix/index.ts";

/** Stands for a commit that is not named yet. */
export const undecided = "0".repeat(40);

/** The same configuration where every repository that some stack must read has a commit. */
export function withCommits<Config extends CommonConfig>(config: Config): Config {
  return { ...config, revisions: { ...Object.fromEntries(repositories.map((repository) => [repository, undecided])), ...config.revisions } };
}
