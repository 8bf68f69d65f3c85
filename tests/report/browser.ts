import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";

/** Browsers that a machine may have; none is downloaded. */
const browserPaths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export const browserPath = browserPaths.find((path) => existsSync(path));

export const missingBrowserMessage = `no browser at ${browserPaths.join(", ")}: the pages are not looked at`;

/** A headless browser; Chromium's own sandbox does not work for root. */
export function openBrowser(program: string): Promise<Browser> {
  return chromium.launch({ executablePath: program, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
}
