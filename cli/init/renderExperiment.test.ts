import fc from "fast-check";
import { load } from "js-yaml";
import { gpuModels, gpus } from "../../jobs/hardware/gpuCatalog.ts";
import { familyNames } from "../../jobs/matrix/index.ts";
import { completeAnswers } from "./experimentAnswers.ts";
import { renderCheckedExperiment } from "./renderExperiment.ts";

const variedWords = ["mixtures", "seeds", "learning_rate=2e-5,4e-5", "lr_scheduler_type=linear,cosine"];

const hardware = fc.constantFrom(...gpuModels).chain((gpu) =>
  fc.record({
    gpu: fc.constant(gpu),
    // whole cards only
    devices: fc.integer({ min: 1, max: gpus[gpu].maxCardsPerNode }).map((cards) => cards * gpus[gpu].devicesPerCard),
    nodes: fc.integer({ min: 1, max: 4 }),
  }),
);

const answers = fc
  .record({
    stack: fc.stringMatching(/^[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4})?$/),
    family: fc.constantFrom(...familyNames),
    vary: fc.subarray(variedWords).map((words) => words.join(" ")),
    hardware,
    cluster: fc.constantFrom("dev", "lumi"),
  })
  .map(({ hardware: devices, ...others }) => ({ ...others, ...devices }));

it("the answers of every combination give a file that the parser accepts", () => {
  fc.assert(
    fc.property(answers, (given) => {
      const text = renderCheckedExperiment(given);
      expect(text).toMatch(/^# yaml-language-server: \$schema=docs\/stack\.schema\.json\n/);
      const { config } = load(text) as { config: Record<string, unknown> };
      expect(config).toMatchObject({
        "mixcpt:family": given.family,
        "mixcpt:hardware": { gpu: given.gpu, devicesPerNode: given.devices, nodesPerCell: given.nodes },
        "mixcpt:cluster": given.cluster,
      });
    }),
    { numRuns: 60 },
  );
});

it.each(familyNames.flatMap((family) => gpuModels.map((gpu) => [family, gpu] as const)))(
  "the defaults for %s on %s are accepted",
  (family, gpu) => {
    expect(() => renderCheckedExperiment(completeAnswers({ family, gpu }))).not.toThrow();
  },
);

it.each([
  ["a name with other characters", { stack: "../x" }, '<stack>: "../x" is not allowed'],
  ["a cluster with other characters", { cluster: "a: b" }, '--cluster: "a: b" is not allowed'],
  ["an unknown word", { vary: "mixtures, seeds" }, '--vary: "mixtures," is not allowed'],
  ["an axis that is given twice", { vary: "seeds seed=3,4" }, "--vary: seed is given twice"],
  ["a value that would be more YAML", { vary: "template=a],b" }, '--vary: template has the values ["a]"]'],
  ["more devices than a node has", { devices: 99 }, "mixcpt:hardware.devicesPerNode = 99: must be at most 16"],
])("%s is refused", (_, changes, message) => {
  expect(() => renderCheckedExperiment(completeAnswers(changes))).toThrow(message);
});

it("names and axes that are not allowed are listed together", () => {
  expect(() => renderCheckedExperiment(completeAnswers({ stack: "A", cluster: "B", vary: "x y" }))).toThrow(
    /^<stack>: "A".*\n--cluster: "B".*\n--vary: "x".*\n--vary: "y"/,
  );
});
