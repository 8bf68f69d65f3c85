import { createRequire, flushCompileCache } from "node:module";
import grpc from "@grpc/grpc-js";
import providerService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { createEngineLog } from "./engineLog.ts";
import type { EngineLog } from "./engineLog.ts";
import type { ResourceProvider } from "./provider.ts";
import { buildProviderService } from "./providerService.ts";

// CustomResourceDefinitions take megabytes; gRPC's default limit is 4 MiB.
const unlimitedMessageSize = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

interface PluginDefinition {
  /** The npm package whose programs the plugin serves. */
  readonly sdk: string;
  createProvider(log: EngineLog): ResourceProvider;
  /** The address at which the engine accepts log lines. */
  readonly engine: string;
}

/** Serves a provider on a free loopback port and prints that port, from which the engine learns where to connect. */
export async function servePlugin({ sdk, createProvider, engine }: PluginDefinition): Promise<void> {
  let address = engine;
  const provider = createProvider(createEngineLog(() => address));
  const updateEngineAddress = (announced: string) => (address = announced || address);
  const server = new grpc.Server(unlimitedMessageSize);
  server.addService(
    providerService.ResourceProviderService,
    buildProviderService(provider, { version: readSdkVersion(sdk), onEngine: updateEngineAddress }),
  );
  const port = await bindToLoopback(server);
  exitWithParent(() => {
    provider.cancel();
    process.exit(0);
  });
  process.stdout.write(`${port}\n`);
  // Engines end plugins with SIGKILL, so the compile cache is written early; all that a client needs is loaded by then.
  setTimeout(flushCompileCache, 3000).unref();
}

/** The version to announce: the engine warns of a plugin that is older than the package that declares the resources. */
function readSdkVersion(sdk: string): string {
  const { version } = createRequire(import.meta.url)(`${sdk}/package.json`) as { version: string };
  return version;
}

function bindToLoopback(server: grpc.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    const settlePort = (error: Error | null, port: number) => (error === null ? resolve(port) : reject(error));
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), settlePort);
  });
}

/** Ends the plugin when its parent process changes: an engine that was killed cannot end its plugins. */
function exitWithParent(exit: () => void): void {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && exit(), 1000).unref();
}
