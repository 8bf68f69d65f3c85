import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, statSync, writeSync } from "node:fs";
import type { AddressInfo } from "node:net";
import ssh2 from "ssh2";
import type { Connection, SFTPWrapper, Session } from "ssh2";

/** An SSH server on loopback that runs commands in this machine's /bin/sh and accepts variables LC_* and PULUMI_*. */
export interface SshServer {
  readonly port: number;
  /** The only private key that it accepts. */
  readonly privateKey: string;
  /** Refuses this many of the next connections, to test retries. */
  refuseConnections(count: number): void;
  stop(): Promise<void>;
}

function generateKey() {
  return generateKeyPairSync("rsa", { modulusLength: 2048 })
    .privateKey.export({ type: "pkcs1", format: "pem" })
    .toString();
}

export async function startSshServer(): Promise<SshServer> {
  const privateKey = generateKey();
  const allowed = ssh2.utils.parseKey(privateKey);
  if (allowed instanceof Error) throw allowed;
  let refusalsLeft = 0;
  const server = new ssh2.Server({ hostKeys: [generateKey()] }, (connection: Connection) => {
    connection.on("error", () => undefined);
    if (refusalsLeft > 0) {
      refusalsLeft -= 1;
      connection.end();
      return;
    }
    connection.on("authentication", (attempt) => {
      const isAllowed = attempt.method === "publickey" && attempt.key.data.equals(allowed.getPublicSSH());
      return isAllowed ? attempt.accept() : attempt.reject(["publickey"]);
    });
    connection.on("ready", () => connection.on("session", (accept) => serveSession(accept())));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    privateKey,
    refuseConnections: (count) => (refusalsLeft = count),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function serveSession(session: Session): void {
  const environment: Record<string, string> = {};
  session.on("env", (accept, reject, { key, val }) => {
    if (!/^(LC_|PULUMI_)/.test(key)) return reject?.();
    environment[key] = val;
    accept?.();
  });
  session.on("sftp", (accept) => serveFiles(accept()));
  session.on("exec", (accept, _reject, { command }) => {
    const channel = accept();
    const child = spawn("/bin/sh", ["-c", command], { env: { PATH: "/usr/bin:/bin", ...environment } });
    channel.pipe(child.stdin);
    child.stdout.pipe(channel, { end: false });
    child.stderr.pipe(channel.stderr, { end: false });
    child.on("close", (code) => {
      channel.exit(code ?? 255);
      channel.end();
    });
  });
}

/** Serves the part of SFTP that an upload needs, on this machine's files. */
function serveFiles(sftp: SFTPWrapper): void {
  const { STATUS_CODE: code } = ssh2.utils.sftp;
  const handles: number[] = [];
  const respondWithStatus = (id: number, action: () => void) => {
    try {
      action();
      sftp.status(id, code.OK);
    } catch {
      sftp.status(id, code.NO_SUCH_FILE);
    }
  };
  const readAttributes = (path: string) => {
    const { mode, uid, gid, size, atimeMs, mtimeMs } = statSync(path);
    return { mode, uid, gid, size, atime: atimeMs / 1000, mtime: mtimeMs / 1000 };
  };
  sftp.on("STAT", (id, path) =>
    existsSync(path) ? sftp.attrs(id, readAttributes(path)) : sftp.status(id, code.NO_SUCH_FILE),
  );
  sftp.on("MKDIR", (id, path) => respondWithStatus(id, () => mkdirSync(path)));
  sftp.on("OPEN", (id, path) => {
    handles.push(openSync(path, "w"));
    sftp.handle(id, Buffer.from([handles.length - 1]));
  });
  const findFileDescriptor = (handle: Buffer) => handles[handle[0] ?? 0] ?? -1;
  sftp.on("WRITE", (...[id, handle, offset, data]) =>
    respondWithStatus(id, () => writeSync(findFileDescriptor(handle), data, 0, data.length, offset)),
  );
  sftp.on("FSETSTAT", (id) => sftp.status(id, code.OK));
  sftp.on("CLOSE", (id, handle) => respondWithStatus(id, () => closeSync(findFileDescriptor(handle))));
}
