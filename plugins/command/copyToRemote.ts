import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { SFTPWrapper } from "ssh2";
import { archiveSignature, assetSignature, getObjectAt, readSignature, getTextAt } from "../protocol/propertyValues.ts";
import type { Properties } from "../protocol/propertyValues.ts";
import { connectOverSsh } from "./sshClient.ts";
import type { SshOptions } from "./sshClient.ts";

type CopySource = { text: string } | { path: string };

/** @throws Error for a source that the stand-in does not support */
function readCopySource(inputs: Properties): CopySource {
  const source = getObjectAt(inputs, "source");
  const path = getTextAt(source, "path");
  const signature = readSignature(source);
  if (
    signature === assetSignature &&
    typeof source["text"] === "string" &&
    path === "" &&
    getTextAt(source, "uri") === ""
  )
    return { text: source["text"] };
  if ((signature === assetSignature || signature === archiveSignature) && path !== "") return { path };
  throw new Error(
    "source: not supported by the stand-in command plugin, which copies a FileAsset, a StringAsset or " +
      "a FileArchive of a path; install the vendor's plugin for other sources.",
  );
}

function awaitCallback<T>(start: (done: (error: Error | null | undefined, value?: T) => void) => void) {
  return new Promise<T>((resolve, reject) => start((error, value) => (error ? reject(error) : resolve(value as T))));
}

async function isRemoteDirectory(sftp: SFTPWrapper, path: string): Promise<boolean> {
  return awaitCallback<boolean>((done) =>
    sftp.stat(path, (error, stats) => done(undefined, error === undefined && stats.isDirectory())),
  );
}

async function makeRemoteDirectory(sftp: SFTPWrapper, path: string): Promise<void> {
  if (path === "/" || path === "." || (await isRemoteDirectory(sftp, path))) return;
  await makeRemoteDirectory(sftp, dirname(path));
  // Another copy may create it at the same moment.
  await awaitCallback<unknown>((done) => sftp.mkdir(path, done)).catch(async (error: unknown) => {
    if (!(await isRemoteDirectory(sftp, path)))
      throw new Error(`cannot create the folder ${path} on the remote machine`, { cause: error });
  });
}

async function uploadPath(sftp: SFTPWrapper, from: string, to: string): Promise<void> {
  if (!(await stat(from)).isDirectory()) {
    await makeRemoteDirectory(sftp, dirname(to));
    await awaitCallback<unknown>((done) => sftp.fastPut(from, to, done));
    return;
  }
  await makeRemoteDirectory(sftp, to);
  for (const entry of await readdir(from)) await uploadPath(sftp, join(from, entry), join(to, entry));
}

/** Copies a text, a file or a folder to `remotePath`, or into it if that is an existing folder. */
export async function copyToRemote(inputs: Properties, sshOptions: SshOptions): Promise<void> {
  const source = readCopySource(inputs);
  const path = getTextAt(inputs, "remotePath");
  const client = await connectOverSsh(getObjectAt(inputs, "connection"), sshOptions);
  try {
    const sftp = await awaitCallback<SFTPWrapper>((done) => client.sftp(done));
    if ("path" in source)
      return await uploadPath(
        sftp,
        source.path,
        (await isRemoteDirectory(sftp, path)) ? join(path, basename(source.path)) : path,
      );
    await makeRemoteDirectory(sftp, dirname(path));
    await awaitCallback<unknown>((done) => sftp.writeFile(path, source.text, done));
  } finally {
    client.end();
  }
}
