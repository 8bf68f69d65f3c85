/**
 * A separate program, `node singleUp.ts HOME KUBECONFIG`: one `up` that a test can kill with its children. It never ends
 * by itself, however fast this machine is.
 */
import { argv } from "node:process";
import { buildConfigMapProgram } from "./manyConfigMaps.ts";
import { openPulumiEngine } from "./pulumiEngine.ts";

const [, , home = "", kubeconfig = ""] = argv;
const engine = await openPulumiEngine(home);
const never = new Promise(() => undefined);
const stack = await engine.selectStack("killed", buildConfigMapProgram(kubeconfig, never));
await stack.up();
