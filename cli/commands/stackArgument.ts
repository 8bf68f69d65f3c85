import { Argument } from "commander";
import { listDeclaredStacks } from "../engine/stackDeclarations.ts";

/** The experiments stack that a command is about. */
export function buildStackArgument(): Argument {
  return new Argument("<stack>", `an experiments stack: ${listDeclaredStacks("mixcpt").join(", ")}`);
}

/** The experiments stacks that a command is about, one or more. */
export function buildStacksArgument(): Argument {
  return new Argument("<stacks...>", `experiments stacks: ${listDeclaredStacks("mixcpt").join(", ")}`);
}
