import { Argument } from "commander";
import { declaredStacks } from "../engine/declared.ts";

/** The experiments stack that a command is about. */
export const stackArgument = (): Argument => new Argument("<stack>", `an experiments stack: ${declaredStacks("mixcpt").join(", ")}`);

/** The experiments stacks that a command is about, one or more. */
export const stackArguments = (): Argument => new Argument("<stacks...>", `experiments stacks: ${declaredStacks("mixcpt").join(", ")}`);
