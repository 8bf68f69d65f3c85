import { corporaFindings } from "./corpora.ts";
import { expectedCluster } from "./expectedCluster.ts";
import { findingLine } from "./report.ts";
import { readAnyStackFile } from "./stackFile.ts";

/**
 * What is wrong with a stack's file, before the engine starts. Corpora that no stack makes are only named: they may lie in
 * the store already.
 * @throws Error for a stack that there is not, ConfigError with all problems of its file
 */
export function checkStackFile(stack: string, print: (line: string) => void): void {
  const config = readAnyStackFile(stack);
  for (const finding of corporaFindings(config, expectedCluster(config))) print(`  ! ${findingLine(finding)}`);
}
