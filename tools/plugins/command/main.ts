import { enableCompileCache } from "node:module";
import { argv, env } from "node:process";

// Compiled code is kept between starts and halves them. It has to be on before the imports that it serves.
enableCompileCache();
const [{ servePlugin: serve }, { createCommandProvider: commandProvider }] = await Promise.all([import("../protocol/serve.ts"), import("./provider.ts")]);

// Local commands inherit the environment of whoever ran `up`.
await serve({ sdk: "@pulumi/command", createProvider: (log) => commandProvider(log, env), engine: argv.at(2) ?? "" });
