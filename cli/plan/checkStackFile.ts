import { checkDeclaredCorpora } from "./checkDeclaredCorpora.ts";
import { deriveClusterOutputs } from "./deriveClusterOutputs.ts";
import { formatFinding } from "./planReport.ts";
import { loadStackConfig } from "./loadStackConfig.ts";

/**
 * What is wrong with a stack's file, before the engine starts. Corpora that no stack makes are only named: they may lie in
 * the store already.
 * @throws Error for a stack that there is not, ConfigError with all problems of its file
 */
export function checkStackFile(stack: string, print: (line: string) => void): void {
  const config = loadStackConfig(stack);
  for (const finding of checkDeclaredCorpora(config, deriveClusterOutputs(config)))
    print(`  ! ${formatFinding(finding)}`);
}
