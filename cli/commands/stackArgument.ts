import { Argument } from "commander";
import { listDeclaredStacks } from "../engine/stackDeclarations.ts";

/** The argument of commands that take one experiments stack. */
export function buildStackArgument(): Argument {
  return new Argument("<stack>", `an experiments stack: ${listDeclaredStacks("mixcpt").join(", ")}`);
}

/** The argument of commands that take one or more experiments stacks. */
export function buildStacksArgument(): Argument {
  return new Argument("<stacks...>", `experiments stacks: ${listDeclaredStacks("mixcpt").join(", ")}`);
}
