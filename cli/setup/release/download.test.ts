import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { downloadLimits, downloadVerified, parseChecksum } from "./download.ts";
import type { VendorServer } from "./vendorServer.fixture.ts";
import { hashContent, startVendorServer } from "./vendorServer.fixture.ts";

const file = { url: "https://vendor.example/v1/tool", checksumUrl: "https://vendor.example/v1/tool.sha256" };
const path = "vendor.example/v1/tool";
const content = "a program";
let server: VendorServer;
let folder: string;

beforeEach(async () => {
  Object.assign(downloadLimits, { attempts: 3, pauseMilliseconds: 1, stallMilliseconds: 60_000 });
  folder = mkdtempSync(join(tmpdir(), "download-"));
  server = await startVendorServer();
  server.files.set(path, content).set(`${path}.sha256`, hashContent(content));
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function downloadTool(report = jest.fn()) {
  const target = join(folder, "tool");
  await downloadVerified(file, target, report);
  return readFileSync(target, "utf8");
}

function countRequests() {
  return server.requests.filter((request) => request === `GET ${path}`).length;
}

describe("a download", () => {
  it("saves the file if its SHA-256 is the published one, and counts its bytes", async () => {
    const report = jest.fn();
    server.files.set(path, (response) => {
      response.writeHead(200, { "content-length": content.length });
      response.end(content);
    });
    await expect(downloadTool(report)).resolves.toBe(content);
    expect(report).toHaveBeenLastCalledWith(9, 9);
  });

  it("with another SHA-256 fails after three attempts and names both", async () => {
    server.files.set(`${path}.sha256`, `${hashContent("another program")}  tool\n`);
    await expect(downloadTool()).rejects.toThrow(
      `${server.address}/${path}: has the SHA-256 ${hashContent(content)}, but tool.sha256 says ` +
        hashContent("another program"),
    );
    expect(countRequests()).toBe(3);
  });

  it("that the server does not have fails at once", async () => {
    server.files.delete(path);
    await expect(downloadTool()).rejects.toThrow(`${server.address}/${path}: HTTP status 404`);
    expect(countRequests()).toBe(1);
  });

  it("that breaks off is tried again", async () => {
    server.files.set(path, (response) => {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.slice(0, 4));
      setTimeout(() => response.destroy(), 20);
      server.files.set(path, content);
    });
    await expect(downloadTool()).resolves.toBe(content);
    expect(countRequests()).toBe(2);
  });

  it("is tried again where the server is overloaded", async () => {
    server.files.set(path, (response) => {
      server.files.set(path, content);
      response.writeHead(503).end();
    });
    await expect(downloadTool()).resolves.toBe(content);
  });

  it("ends where the server falls silent", async () => {
    downloadLimits.stallMilliseconds = 1000;
    server.files.set(path, (response) => {
      response.writeHead(200, { "content-length": content.length });
      response.write(content.slice(0, 4));
    });
    await expect(downloadTool()).rejects.toThrow(`${server.address}/${path}: no data for 1 s`);
  });
});

describe("a published checksum", () => {
  const hash = hashContent(content);
  const other = hashContent("other");

  it.each([
    ["alone", hash],
    ["with a line end", `${hash}\n`],
    ["with the file's name", `${hash}  tool\n`],
    ["with the binary mark", `${hash} *tool\n`],
    ["with a path", `${hash}  ./tool\n`],
    ["among those of other files", `${other}  tool.txt\n${hash}  tool\n${other}  other\n`],
    ["in capital letters", hash.toUpperCase()],
  ])("is found %s", (_, text) => {
    expect(parseChecksum(text, file)).toBe(hash);
  });

  it("is an error where the text has none for this file", () => {
    for (const text of [`${other}  other\n`, "<html>Not found</html>", ""])
      expect(() => parseChecksum(text, file)).toThrow(`${file.checksumUrl}: has no SHA-256 of tool`);
  });
});
