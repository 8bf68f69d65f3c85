import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { formatStackFileName, projectDirectories } from "../engine/stackDeclarations.ts";
import { printLine } from "../terminal/printLine.ts";
import { askQuestions } from "./askQuestions.ts";
import type { ExperimentAnswers } from "./experimentAnswers.ts";
import { completeAnswers } from "./experimentAnswers.ts";
import { renderCheckedExperiment } from "./renderExperiment.ts";

/** The flags of the command line. */
export interface InitFlags extends Partial<Omit<ExperimentAnswers, "stack">> {
  readonly yes?: true;
}

interface InitStreams {
  readonly input?: NodeJS.ReadStream;
  readonly output?: NodeJS.WriteStream;
  /** The folder of the stack files. */
  readonly directory?: string;
}

/**
 * Writes the file of a new stack from flags and from answers on the terminal.
 * @throws Error if the file exists, or if answers are missing or cannot be used
 */
export async function initStack(
  stack: string | undefined,
  { yes, ...flags }: InitFlags,
  { input = process.stdin, output = process.stdout, directory = projectDirectories.mixcpt }: InitStreams = {},
): Promise<void> {
  const check = (answers: ExperimentAnswers): string => {
    const file = formatStackFileName("mixcpt", answers.stack);
    if (existsSync(resolve(directory, file)))
      throw new Error(`${file}: exists and is not overwritten; choose another name, or delete the file`);
    return renderCheckedExperiment(answers);
  };
  const given = { ...(stack !== undefined && { stack }), ...flags };
  // A name that is only a default may exist: the question about it comes first.
  if (stack !== undefined) check(completeAnswers(given));
  const answers = yes === true ? completeAnswers(given) : await askQuestions(given, { input, output, check });
  const file = formatStackFileName("mixcpt", answers.stack);
  writeFileSync(resolve(directory, file), check(answers), { flag: "wx" });
  printLine(`wrote ${file}; next: ./mixcpt plan ${answers.stack}`);
}
