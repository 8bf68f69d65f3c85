import { parseFamilyConfig, parseStackConfig } from "../../jobs/experiment/index.ts";
import type { FamilyConfig, StackConfig, StackFile } from "../../jobs/config/index.ts";
import { formatStackFileName, listDeclaredStacks, readStackValues } from "../engine/stackDeclarations.ts";

function buildStackFile(stack: string): StackFile {
  return {
    stack,
    file: formatStackFileName("mixcpt", stack),
    values: readStackValues("mixcpt", stack),
    listOthers: () => listDeclaredStacks("mixcpt").flatMap((other) => (other === stack ? [] : buildStackFile(other))),
  };
}

/**
 * Reads the configuration of a model family's stack from its file, without Pulumi.
 * @throws Error for an unknown stack, ConfigError with all problems of its file
 */
export function loadFamilyConfig(stack: string): FamilyConfig {
  return parseFamilyConfig(buildStackFile(stack));
}

/** Reads the configuration of a corpora stack as if only one stack named it, so that no file of another one matters. */
export function loadCorporaOfReader(corpora: string, reader: string): StackConfig {
  return parseStackConfig({ ...buildStackFile(corpora), listOthers: () => [buildStackFile(reader)] });
}

/**
 * Reads the configuration of any stack from its file, without Pulumi.
 * @throws Error for an unknown stack, ConfigError with all problems of its file
 */
export function loadStackConfig(stack: string): StackConfig {
  return parseStackConfig(buildStackFile(stack));
}
