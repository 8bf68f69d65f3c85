import { readFileSync } from "node:fs";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { browserPath, openBrowser, missingBrowserMessage } from "./browser.ts";
import { PageFiles, pageNames } from "./pages.ts";
import type { PageName } from "./pages.ts";

/** Shows the pages as a browser does. It does not prove that they read well, nor that a screen reader says the right thing. */
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** WCAG 2.0 to 2.2, levels A and AA. */
const wcagTags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

const describeWithBrowser = browserPath === undefined ? describe.skip : describe;
if (browserPath === undefined) console.log(missingBrowserMessage);

const colorSchemes = ["light", "dark"] as const;
const everyPage = pageNames.map((name) => [name] as const);
/** The page of the study has nothing that the others have not in dark; checking every text of a page takes long. */
const pagesAndSchemes = pageNames
  .flatMap((name) => colorSchemes.map((scheme) => [name, scheme] as const))
  .filter(([name, scheme]) => name !== "study" || scheme === "light");

let browser: Browser;
let files: PageFiles;

beforeAll(async () => {
  files = new PageFiles();
  if (browserPath !== undefined) browser = await openBrowser(browserPath);
});

afterAll(async () => {
  files.removeFolder();
  if (browserPath !== undefined) await browser.close();
});

/** The page with all that can be unfolded unfolded. */
async function openPage(name: PageName, options: { width: number; colorScheme: "light" | "dark" }): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width: options.width, height: 800 },
    colorScheme: options.colorScheme,
  });
  await page.goto(files.writePage(name));
  await page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })");
  return page;
}

async function listViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate<AxeResults>(
    `axe.run({ runOnly: ${JSON.stringify(wcagTags)}, resultTypes: ["violations"] })`,
  );
  return found.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`));
}

describeWithBrowser("the page", () => {
  it.each(pagesAndSchemes)(
    "%s, %s, breaks no rule of WCAG 2.2 A and AA that axe can check",
    async (name, colorScheme) => {
      const page = await openPage(name, { width: 1280, colorScheme });
      expect(await listViolations(page)).toEqual([]);
      await page.close();
    },
    300_000,
  );

  it.each(everyPage)(
    "%s does not scroll sideways on a phone; wide tables scroll in their boxes",
    async (name) => {
      const page = await openPage(name, { width: 360, colorScheme: "light" });
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
      const boxes = await page.evaluate<[number, number, string][]>(
        "[...document.querySelectorAll('.scroll')].map((box) => [box.clientWidth, box.scrollWidth, getComputedStyle(box).overflowX])",
      );
      expect(boxes.filter(([shown, , overflow]) => shown > 360 || overflow !== "auto")).toEqual([]);
      expect(boxes.some(([shown, whole]) => whole > shown)).toBe(true);
      await page.close();
    },
    60_000,
  );

  it.each(everyPage)(
    "%s asks for nothing but itself",
    async (name) => {
      const page = await browser.newPage();
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      const address = files.writePage(name);
      await page.goto(address);
      expect(asked).toEqual([address]);
      await page.close();
    },
    60_000,
  );

  it.each(everyPage)(
    "%s prints with every column on the paper",
    async (name) => {
      const page = await openPage(name, { width: 1280, colorScheme: "dark" });
      await page.emulateMedia({ media: "print" });
      await page.setViewportSize({ width: 718, height: 1000 });
      const beyond = await page.evaluate<string[]>(
        "[...document.querySelectorAll('table')].filter((table) => table.getBoundingClientRect().right > 718).map((table) => table.caption.textContent)",
      );
      expect(beyond).toEqual([]);
      expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
      await page.close();
    },
    60_000,
  );
});
