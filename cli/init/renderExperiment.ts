import { parse } from "yaml";
import { parseStackConfig } from "../../jobs/experiment/index.ts";
import {
  formatStackFileName,
  isCorporaStack,
  listDeclaredStacks,
  readClusterName,
} from "../engine/stackDeclarations.ts";
import { formatErrorMessage } from "../explainError.ts";
import type { ExperimentAnswers } from "./experimentAnswers.ts";
import { codeMixtures, parseVariedAxes } from "./experimentAxes.ts";

/** The amount of text in a mixture: small enough for a CPU, or about as much as the study's monolingual mixtures. */
function formatBudget(family: string): string {
  return family === "tiny" ? "tokens: 100000, repeat: 4" : "words: 60000000";
}

function renderMixtures(family: string): string[] {
  const [first, second] = codeMixtures;
  const budget = formatBudget(family);
  return [
    "  # Two mixtures of the same size with other shares of code (docs/adding.md#a-mixture-by-weight).",
    "  mixcpt:mixtures:",
    `    ${first}: { shares: { monolingual: 0.8, code: 0.2 }, ${budget} }`,
    `    ${second}: { shares: { monolingual: 0.6, code: 0.4 }, ${budget} }`,
  ];
}

/** Returns the first stack of corpora that is declared for a cluster. */
function findCorporaStack(cluster: string): string | undefined {
  return listDeclaredStacks("mixcpt").find((stack) => isCorporaStack(stack) && readClusterName(stack) === cluster);
}

/** The keys that only a model of the hub needs. Commits are the user's, and follow as a comment. */
function renderHubKeys(family: string, cluster: string): string[] {
  if (family === "tiny") return [];
  const corpora = findCorporaStack(cluster);
  return [
    ...(corpora === undefined
      ? [`  # mixcpt:corpora needs a corpora stack on ${cluster} (docs/adding.md#the-text-of-a-stack)`]
      : [
          `  # Pulumi.${corpora}.yaml makes the text of these cells; its commits of the data hold here, too.`,
          `  mixcpt:corpora: ${corpora}`,
        ]),
    "  # ./mixcpt plan lists what up needs: commits in mixcpt:revisions, mixcpt:tokenSecret for a gated model.",
  ];
}

function renderProtocol(family: string): string[] {
  return family === "tiny"
    ? ["  # A recipe small enough for a CPU (docs/recipes.md).", "  mixcpt:protocol: miniature"]
    : ["  # One recipe for all cells: that of the study's README (docs/recipes.md).", "  mixcpt:protocol: uniform"];
}

/**
 * Renders a stack file.
 * @throws Error for axes that are not allowed
 */
function renderExperiment({ stack, family, vary, gpu, devices, nodes, cluster }: ExperimentAnswers): string {
  const axes = parseVariedAxes(vary);
  return [
    "# yaml-language-server: $schema=docs/stack.schema.json",
    `# The experiment ${stack}, as ./mixcpt init wrote it. docs/stacks.md explains every key.`,
    "config:",
    `  mixcpt:family: ${family}`,
    ...renderProtocol(family),
    ...(axes["data"] === codeMixtures ? renderMixtures(family) : []),
    "  # The stack has a cell for each combination (docs/stacks.md#axes-of-your-own).",
    "  mixcpt:axes:",
    ...Object.entries(axes).map(([axis, values]) => `    ${axis}: [${values.join(", ")}]`),
    "  # The hardware of one cell. Devices are counted as in Kubernetes: an MI250X has two.",
    "  mixcpt:hardware:",
    `    gpu: ${gpu}`,
    `    nodesPerCell: ${String(nodes)}`,
    `    devicesPerNode: ${String(devices)}`,
    `  # The cluster of infra/Pulumi.${cluster}.yaml (docs/cluster.md).`,
    `  mixcpt:cluster: ${cluster}`,
    ...renderHubKeys(family, cluster),
    "",
  ].join("\n");
}

const namePattern = /^[a-z0-9]+(-[a-z0-9]+)*$/;

function listUnusableNames({ stack, cluster }: ExperimentAnswers): string[] {
  return Object.entries({ "<stack>": stack, "--cluster": cluster })
    .filter(([, name]) => !namePattern.test(name))
    .map(
      ([flag, name]) =>
        `${flag}: ${JSON.stringify(name)} is not allowed; must be lower-case letters, digits and single dashes`,
    );
}

/** Lists the axes that are not allowed; empty if all are. */
function listUnusableAxes(vary: string): string[] {
  try {
    parseVariedAxes(vary);
    return [];
  } catch (error) {
    return [formatErrorMessage(error)];
  }
}

/**
 * Renders a stack file and reads it with the parser of stack files.
 * @throws Error with all names and axes that are not allowed, ConfigError with all other problems
 */
export function renderCheckedExperiment(answers: ExperimentAnswers): string {
  const errors = [...listUnusableNames(answers), ...listUnusableAxes(answers.vary)];
  if (errors.length > 0) throw new Error(errors.join("\n"));
  const text = renderExperiment(answers);
  const { config } = parse(text) as { config: Record<string, unknown> };
  const file = formatStackFileName("mixcpt", answers.stack);
  parseStackConfig({ stack: answers.stack, file, values: config });
  return text;
}
