import type { Interface } from "node:readline/promises";
import { createInterface } from "node:readline/promises";
import { gpuModels } from "../../jobs/hardware/gpuCatalog.ts";
import { familyNames } from "../../jobs/matrix/index.ts";
import { formatErrorMessage } from "../explainError.ts";
import type { ExperimentAnswers } from "./experimentAnswers.ts";
import { completeAnswers } from "./experimentAnswers.ts";

type GivenAnswers = Partial<ExperimentAnswers>;

interface ExperimentQuestion {
  /** The answer without which the question is asked. */
  readonly key: keyof ExperimentAnswers;
  /** The argument or flag that answers it. */
  readonly flag: string;
  readonly text: string;
  readonly formatDefault: (answers: ExperimentAnswers) => string;
  readonly parse: (text: string) => GivenAnswers;
}

function parseHardware(text: string): GivenAnswers {
  const [gpu = "", devices, nodes] = text.split(/\s+/);
  return {
    gpu,
    ...(devices !== undefined && { devices: Number(devices) }),
    ...(nodes !== undefined && { nodes: Number(nodes) }),
  };
}

const questions: readonly ExperimentQuestion[] = [
  {
    key: "stack",
    flag: "STACK",
    text: "name of the stack",
    formatDefault: ({ stack }) => stack,
    parse: (stack) => ({ stack }),
  },
  {
    key: "family",
    flag: "--family",
    text: `model family: ${familyNames.join(", ")}`,
    formatDefault: ({ family }) => family,
    parse: (family) => ({ family }),
  },
  {
    key: "vary",
    flag: "--vary",
    text: "what to vary: mixtures, seeds, settings such as learning_rate=2e-5,4e-5",
    formatDefault: ({ vary }) => vary,
    parse: (vary) => ({ vary }),
  },
  {
    key: "gpu",
    flag: "--gpu",
    text: `GPU, devices per node, nodes per cell; GPUs: ${gpuModels.join(", ")}`,
    formatDefault: ({ gpu, devices, nodes }) => `${gpu} ${String(devices)} ${String(nodes)}`,
    parse: parseHardware,
  },
  {
    key: "cluster",
    flag: "--cluster",
    text: "cluster, a stack of infra/",
    formatDefault: ({ cluster }) => cluster,
    parse: (cluster) => ({ cluster }),
  },
];

/** The streams of a terminal, and the check of the answers so far, which throws. */
interface QuestionContext {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly check: (answers: ExperimentAnswers) => void;
}

type LineReader = (prompt: string) => Promise<string>;

/** Asks one question until its answer can be used. An empty answer takes the default. */
async function askQuestion(
  { text, formatDefault, parse }: ExperimentQuestion,
  given: GivenAnswers,
  { output, check, readLine }: QuestionContext & { readonly readLine: LineReader },
): Promise<GivenAnswers> {
  const shown = formatDefault(completeAnswers(given));
  for (;;) {
    const line = (await readLine(`${text} [${shown}]: `)).trim();
    const answers = { ...given, ...parse(line === "" ? shown : line) };
    try {
      check(completeAnswers(answers));
      return answers;
    } catch (error) {
      output.write(`${formatErrorMessage(error)}\n`);
    }
  }
}

/** Lists the questions that no flag answers. */
function listOpenQuestions(given: GivenAnswers): ExperimentQuestion[] {
  return questions.filter(({ key }) => given[key] === undefined);
}

function refuseMissingFlags(open: readonly ExperimentQuestion[]): never {
  throw new Error(
    `init: ${open.map(({ flag }) => flag).join(", ")} missing, and this is not a terminal to ask on; ` +
      "give them, or take all defaults with --yes",
  );
}

/** Returns a reader of lines, which keeps those that arrive before their question and fails when the input ends. */
function createLineReader(terminal: Interface, output: NodeJS.WriteStream): LineReader {
  const lines = terminal[Symbol.asyncIterator]();
  return async (prompt) => {
    terminal.setPrompt(prompt); // for the redrawing of an edited line
    output.write(prompt);
    const { done, value } = await lines.next();
    if (done === true) throw new Error("init: nothing was written, because the answers ended");
    return value;
  };
}

/**
 * Asks on a terminal for the answers that are not given.
 * @throws Error with all missing flags if there is no terminal, and if the input ends
 */
export async function askQuestions(given: GivenAnswers, context: QuestionContext): Promise<ExperimentAnswers> {
  const open = listOpenQuestions(given);
  if (open.length === 0) return completeAnswers(given);
  const { input, output } = context;
  if (!input.isTTY || !output.isTTY) refuseMissingFlags(open);
  const terminal = createInterface({ input, output });
  const readLine = createLineReader(terminal, output);
  try {
    let answers = given;
    for (const question of open) answers = await askQuestion(question, answers, { ...context, readLine });
    return completeAnswers(answers);
  } finally {
    terminal.close();
  }
}
