import { createRequire, flushCompileCache } from "node:module";
import grpc from "@grpc/grpc-js";
import providerService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { createEngineLog } from "./engineLog.ts";
import type { EngineLog } from "./engineLog.ts";
import type { ResourceProvider } from "./provider.ts";
import { buildProviderService } from "./providerService.ts";

// CustomResourceDefinitions run to megabytes; gRPC's own limit is 4 MiB.
const unlimitedMessageSize = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/** `sdk` is the npm package whose programs the plugin serves; `engine` the address at which the engine takes log lines. */
export interface PluginDefinition {
  readonly sdk: string;
  createProvider(log: EngineLog): ResourceProvider;
  readonly engine: string;
}

/** Serves a provider on a free port of the loopback and prints that port, which is how the engine finds it. */
export async function servePlugin({ sdk, createProvider: make, engine }: PluginDefinition): Promise<void> {
  let address = engine;
  const provider = make(createEngineLog(() => address));
  const updateEngineAddress = (given: string) => (address = given || address);
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
  // Engines end plugins with SIGKILL, so the compile cache is written before; what a client needs is loaded by then.
  setTimeout(flushCompileCache, 3000).unref();
}

/** The engine warns of a plugin that is older than the package that declares the resources. */
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

/** An engine that was killed cannot end its plugins: they notice that their parent is another process. */
function exitWithParent(end: () => void): void {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && end(), 1000).unref();
}
