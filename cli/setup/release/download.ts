import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { setTimeout as sleep } from "node:timers/promises";
import { explainFetchError } from "./explainFetchError.ts";
import type { ReleaseFile } from "./releaseTable.ts";
import { resolveMirror } from "./releaseTable.ts";

/** The limits of a download; tests shorten them. */
export const downloadLimits = { attempts: 3, pauseMilliseconds: 1000, stallMilliseconds: 20_000 };

/** The server's refusal of a request. Another attempt is useful only for an overloaded server. */
class RefusedDownload extends Error {
  readonly isFinal: boolean;
  constructor(url: string, status: number) {
    super(`${url}: HTTP status ${String(status)}`);
    this.isFinal = status < 500 && status !== 408 && status !== 429;
  }
}

/** Opens a request, hands its body to `read`, and ends it when the server is silent for too long. */
async function readBody<T>(url: string, read: (response: Response, keepAlive: () => void) => Promise<T>): Promise<T> {
  const { stallMilliseconds } = downloadLimits;
  const controller = new AbortController();
  const reason = new Error(`no data for ${String(stallMilliseconds / 1000)} s`);
  const timer = setTimeout(() => controller.abort(reason), stallMilliseconds);
  try {
    const response = await fetch(url, { signal: controller.signal });
    if (!response.ok) throw new RefusedDownload(url, response.status);
    return await read(response, () => timer.refresh());
  } catch (error) {
    throw error instanceof RefusedDownload ? error : new Error(`${url}: ${explainFetchError(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

/** The bytes received so far, and the size of the file in bytes if the server tells it. */
type ByteReport = (received: number, total: number | undefined) => void;

/** Saves a file and returns the SHA-256 of its bytes. */
function saveFile(url: string, target: string, report: ByteReport): Promise<string> {
  return readBody(url, async ({ body, headers }, keepAlive) => {
    const hash = createHash("sha256");
    const total = Number(headers.get("content-length")) || undefined;
    let received = 0;
    async function* watchChunks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        keepAlive();
        hash.update(chunk);
        received += chunk.length;
        report(received, total);
        yield chunk;
      }
    }
    await pipeline(Readable.fromWeb(body as ReadableStream), watchChunks, createWriteStream(target));
    return hash.digest("hex");
  });
}

/**
 * Finds a file's SHA-256 in the text that its vendor publishes.
 * @throws Error if the text has none for this file
 */
export function parseChecksum(text: string, { url, checksumUrl }: ReleaseFile): string {
  const lines = text.split("\n").map((line) => /^([0-9a-f]{64})(?:\s+\*?(?:\.\/)?(\S+))?\s*$/i.exec(line.trim()));
  const [, hash] = lines.find((match) => match !== null && (match[2] ?? basename(url)) === basename(url)) ?? [];
  if (hash === undefined) throw new Error(`${checksumUrl}: has no SHA-256 of ${basename(url)}`);
  return hash.toLowerCase();
}

async function tryDownload(file: ReleaseFile, target: string, report: ByteReport): Promise<void> {
  const checksums = await readBody(resolveMirror(file.checksumUrl), (response) => response.text());
  const published = parseChecksum(checksums, file);
  const received = await saveFile(resolveMirror(file.url), target, report);
  if (received !== published)
    throw new Error(
      `${resolveMirror(file.url)}: has the SHA-256 ${received}, but ${basename(file.checksumUrl)} says ${published}`,
    );
}

/**
 * Downloads a file and compares its SHA-256 with the published one; tries three times.
 * @throws Error with the address and the cause of the last failure
 */
export async function downloadVerified(file: ReleaseFile, target: string, report: ByteReport): Promise<void> {
  const { attempts, pauseMilliseconds } = downloadLimits;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await tryDownload(file, target, report);
      return;
    } catch (error) {
      if (attempt === attempts || (error instanceof RefusedDownload && error.isFinal)) throw error;
      await sleep(attempt * pauseMilliseconds);
    }
  }
}
