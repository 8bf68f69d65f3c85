import { checkDeclaredCorpora } from "./checkDeclaredCorpora.ts";
import { checkTrackerReach } from "./checkTrackerReach.ts";
import { deriveClusterOutputs } from "./deriveClusterOutputs.ts";
import { formatFinding } from "./planReport.ts";
import { loadStackConfig } from "./loadStackConfig.ts";

/**
 * Checks a stack's file before the engine starts. Corpora that no stack builds cause only a warning, because the store
 * may already contain them, as does a tracker that trainings cannot reach.
 * @throws Error for an unknown stack, ConfigError with all problems of its file
 */
export function checkStackFile(stack: string, print: (line: string) => void): void {
  const config = loadStackConfig(stack);
  for (const finding of checkDeclaredCorpora(config, deriveClusterOutputs(config)))
    print(`  ! ${formatFinding(finding)}`);
  const unreachable = checkTrackerReach(config);
  if (unreachable !== undefined) print(`  ! ${unreachable}`);
}
