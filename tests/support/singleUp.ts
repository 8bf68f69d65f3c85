/** A separate program, `node singleUp.ts HOME KUBECONFIG`: one `up` that a test can kill with its children. */
import { argv } from "node:process";
import { buildConfigMapProgram } from "./manyConfigMaps.ts";
import { openPulumiEngine } from "./pulumiEngine.ts";

const [, , home = "", kubeconfig = ""] = argv;
const engine = await openPulumiEngine(home);
const stack = await engine.selectStack("killed", buildConfigMapProgram(kubeconfig));
await stack.up();
