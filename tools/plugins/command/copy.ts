import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { SFTPWrapper } from "ssh2";
import { archiveSignature, assetSignature, objectAt, signatureOf, textAt } from "../protocol/values.ts";
import type { Properties } from "../protocol/values.ts";
import { connectTo } from "./ssh.ts";
import type { Surroundings } from "./ssh.ts";

type Source = { text: string } | { path: string };

/** What is to be copied. Errors: a source of a form that is not supported. */
export function sourceOf(inputs: Properties): Source {
  const source = objectAt(inputs, "source");
  const path = textAt(source, "path");
  const signature = signatureOf(source);
  if (signature === assetSignature && typeof source["text"] === "string" && path === "" && textAt(source, "uri") === "") return { text: source["text"] };
  if ((signature === assetSignature || signature === archiveSignature) && path !== "") return { path };
  throw new Error("source: the stand-in for the command plugin copies a FileAsset, a StringAsset or a FileArchive of a path; install the vendor's plugin for others.");
}

const call = <T>(start: (done: (error: Error | null | undefined, value?: T) => void) => void) =>
  new Promise<T>((resolve, reject) => start((error, value) => (error ? reject(error) : resolve(value as T))));

async function isDirectory(sftp: SFTPWrapper, path: string): Promise<boolean> {
  return call<boolean>((done) => sftp.stat(path, (error, found) => done(undefined, error === undefined && found.isDirectory())));
}

async function makeDirectory(sftp: SFTPWrapper, path: string): Promise<void> {
  if (path === "/" || path === "." || (await isDirectory(sftp, path))) return;
  await makeDirectory(sftp, dirname(path));
  // Another copy may make it at the same moment.
  await call<unknown>((done) => sftp.mkdir(path, done)).catch(async (error: unknown) => {
    if (!(await isDirectory(sftp, path))) throw new Error(`cannot make ${path} on the remote machine`, { cause: error });
  });
}

async function copyPath(sftp: SFTPWrapper, from: string, to: string): Promise<void> {
  if (!(await stat(from)).isDirectory()) {
    await makeDirectory(sftp, dirname(to));
    await call<unknown>((done) => sftp.fastPut(from, to, done));
    return;
  }
  await makeDirectory(sftp, to);
  for (const entry of await readdir(from)) await copyPath(sftp, join(from, entry), join(to, entry));
}

/** Copies a text, a file or a folder to `remotePath`; into it, where that is a folder already. */
export async function copyToRemote(inputs: Properties, surroundings: Surroundings): Promise<void> {
  const source = sourceOf(inputs);
  const path = textAt(inputs, "remotePath");
  const client = await connectTo(objectAt(inputs, "connection"), surroundings);
  try {
    const sftp = await call<SFTPWrapper>((done) => client.sftp(done));
    if ("path" in source) return await copyPath(sftp, source.path, (await isDirectory(sftp, path)) ? join(path, basename(source.path)) : path);
    await makeDirectory(sftp, dirname(path));
    await call<unknown>((done) => sftp.writeFile(path, source.text, done));
  } finally {
    client.end();
  }
}
