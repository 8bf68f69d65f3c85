/** A stand-in for a load balancer: leads each connection to a server that accepts it. */
import type { Server, Socket } from "node:net";
import { connect, createServer } from "node:net";

/** A machine without power refuses nothing. */
const patienceMs = 1000;

function lead(client: Socket, port: number, [address, ...others]: readonly string[]): void {
  if (address === undefined) {
    client.destroy();
    return;
  }
  const server = connect({ host: address, port });
  const tryNext = (): void => {
    server.destroy();
    lead(client, port, others);
  };
  server.once("error", tryNext).setTimeout(patienceMs, tryNext);
  server.once("connect", () => {
    server.off("error", tryNext).setTimeout(0);
    for (const [from, to] of [[client, server] as const, [server, client] as const])
      from
        .on("error", () => to.destroy())
        .on("close", () => to.destroy())
        .pipe(to);
  });
}

/** Listens at an address of this machine and leads connections to the same port of the servers, in turn. */
export function startBalancer(listen: { host: string; port: number }, servers: readonly string[]): Server {
  let count = 0;
  return createServer((client) => {
    const first = count++ % servers.length;
    lead(client, listen.port, [...servers.slice(first), ...servers.slice(0, first)]);
  }).listen(listen);
}
