import { Argument } from "commander";
import { listDeclaredStacks, refuseUnknownStack } from "../engine/stackDeclarations.ts";

function parseStackName(word: string): string {
  refuseUnknownStack("mixcpt", word);
  return word;
}

/**
 * The argument of commands that take one experiments stack. An unknown name is refused while the command line is read,
 * before a missing toolchain or cluster could be reported instead.
 */
export function buildStackArgument(): Argument {
  return new Argument("<stack>", `an experiments stack: ${listDeclaredStacks("mixcpt").join(", ")}`).argParser(
    parseStackName,
  );
}

/** The argument of commands that take one or more experiments stacks. */
export function buildStacksArgument(): Argument {
  return new Argument("<stacks...>", `experiments stacks: ${listDeclaredStacks("mixcpt").join(", ")}`);
}
