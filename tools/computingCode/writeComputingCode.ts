/** Writes images/computing-code.json (`npm run computing-code`): pins as they are, versions as the options say. */
import { existsSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { computingCodeFile, readComputingCodeFile } from "../../infra/clusterCode.ts";
import { computations } from "../../jobs/kube/computingCode.ts";
import {
  decideVersions,
  describeChangedModules,
  describeComputingCode,
  formatComputingCode,
} from "./computingCodeFile.ts";

const { values } = parseArgs({
  options: { same: { type: "string", multiple: true }, new: { type: "string", multiple: true } },
});
const { same = [], new: renewed = [] } = values;
const unknown = [...same, ...renewed].filter((name) => !(computations as readonly string[]).includes(name));
if (unknown.length > 0)
  throw new Error(`computing-code: ${unknown.join(", ")} is not computed; allowed: ${computations.join(", ")}`);

const recorded = existsSync(computingCodeFile) ? readComputingCodeFile() : {};
const current = describeComputingCode(dirname(computingCodeFile), recorded);
const { file, undecided } = decideVersions(recorded, current, { same, renewed });
writeFileSync(computingCodeFile, formatComputingCode(file));
describeChangedModules(undecided).forEach((line) => {
  console.error(line);
});
process.exitCode = undecided.size > 0 ? 1 : 0;
