import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";

/** Paths of browsers that may be installed; none is downloaded. */
const browserPaths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export const browserPath = browserPaths.find((path) => existsSync(path));

export const missingBrowserMessage = `no browser at ${browserPaths.join(", ")}; the tests of the pages are skipped`;

/** Opens a headless browser. Chromium's own sandbox does not work for root. */
export function openBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
}
