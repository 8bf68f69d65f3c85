/** Run as a program of its own, `node upAlone.ts HOME KUBECONFIG`: one `up` that a test can kill with all that belongs to it. */
import { argv } from "node:process";
import { manyConfigMaps } from "./manyConfigMaps.ts";
import { pulumiEngineAt } from "./pulumiEngine.ts";

const [, , home = "", kubeconfig = ""] = argv;
const engine = await pulumiEngineAt(home);
const stack = await engine.stack("killed", manyConfigMaps(kubeconfig));
await stack.up();
