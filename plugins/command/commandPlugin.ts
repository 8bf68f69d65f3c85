import { enableCompileCache } from "node:module";
import { argv, env } from "node:process";

// Compiled code is kept between starts and halves them. It has to be on before the imports that it serves.
enableCompileCache();
const [commandServer, commandModule] = await Promise.all([
  import("../protocol/servePlugin.ts"),
  import("./commandProvider.ts"),
]);

// Local commands inherit the environment of whoever ran `up`.
await commandServer.servePlugin({
  sdk: "@pulumi/command",
  createProvider: (log) => commandModule.createCommandProvider(log, env),
  engine: argv.at(2) ?? "",
});
