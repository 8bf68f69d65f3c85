import { enableCompileCache } from "node:module";
import { argv } from "node:process";

// Compiled code is kept between starts and halves them. It has to be on before the imports that it serves.
enableCompileCache();
const [{ servePlugin: serve }, { createKubernetesProvider: kubernetesProvider }] = await Promise.all([import("../protocol/serve.ts"), import("./provider.ts")]);

await serve({ sdk: "@pulumi/kubernetes", createProvider: kubernetesProvider, engine: argv.at(2) ?? "" });
