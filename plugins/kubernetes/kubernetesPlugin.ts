import { enableCompileCache } from "node:module";
import { argv } from "node:process";

// Compiled code is kept between starts and halves them. It has to be on before the imports that it serves.
enableCompileCache();
const [kubernetesServer, kubernetesModule] = await Promise.all([
  import("../protocol/servePlugin.ts"),
  import("./kubernetesProvider.ts"),
]);

await kubernetesServer.servePlugin({
  sdk: "@pulumi/kubernetes",
  createProvider: kubernetesModule.createKubernetesProvider,
  engine: argv.at(2) ?? "",
});
