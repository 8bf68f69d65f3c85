import { createRequire, flushCompileCache } from "node:module";
import grpc from "@grpc/grpc-js";
import providerService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { engineLog } from "./log.ts";
import type { Log } from "./log.ts";
import type { Provider } from "./provider.ts";
import { serviceOf } from "./service.ts";

// CustomResourceDefinitions run to megabytes; gRPC's own limit is 4 MiB.
const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/** `sdk` is the npm package whose programs the plugin serves; `engine` the address at which the engine takes log lines. */
export interface Plugin {
  sdk: string;
  make(log: Log): Provider;
  engine: string;
}

/** Serves a provider on a free port of the loopback and prints that port, which is how the engine finds it. */
export async function serve({ sdk, make, engine }: Plugin): Promise<void> {
  let address = engine;
  const provider = make(engineLog(() => address));
  const onEngine = (given: string) => (address = given || address);
  const server = new grpc.Server(unlimited);
  server.addService(providerService.ResourceProviderService, serviceOf(provider, { version: versionOf(sdk), onEngine }));
  const port = await bind(server);
  endWithParent(() => {
    provider.cancel();
    process.exit(0);
  });
  process.stdout.write(`${port}\n`);
  // Engines end plugins with SIGKILL, so the compile cache is written before; what a client needs is loaded by then.
  setTimeout(flushCompileCache, 3000).unref();
}

/** The engine warns of a plugin that is older than the package that declares the resources. */
function versionOf(sdk: string): string {
  const { version } = createRequire(import.meta.url)(`${sdk}/package.json`) as { version: string };
  return version;
}

function bind(server: grpc.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, port: number) => (error === null ? resolve(port) : reject(error));
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), done);
  });
}

/** An engine that was killed cannot end its plugins: they notice that their parent is another process. */
function endWithParent(end: () => void): void {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && end(), 1000).unref();
}
