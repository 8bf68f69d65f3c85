import { readFileSync } from "node:fs";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { browserPath, missingBrowserMessage, openBrowser } from "./browser.ts";
import { PageFiles, pageNames } from "./pages.ts";
import type { PageName } from "./pages.ts";

// These tests open the pages in a browser. They cannot prove that a page reads well, with or without a screen reader.

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** WCAG 2.0 to 2.2, levels A and AA. */
const wcagTags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

const describeWithBrowser = browserPath === undefined ? describe.skip : describe;
if (browserPath === undefined) console.log(missingBrowserMessage);

const colorSchemes = ["light", "dark"] as const;
const everyPage = pageNames.map((name) => [name] as const);
/** The study's page is not checked in dark: it has no elements that the others lack, and checking all texts is slow. */
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

/** Opens a page and unfolds all of its details. */
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
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run({ runOnly: ${JSON.stringify(wcagTags)}, resultTypes: ["violations"] })`,
  );
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`));
}

describeWithBrowser("the page", () => {
  it.each(pagesAndSchemes)(
    "%s, %s, passes every check of axe for WCAG 2.2 A and AA",
    async (name, colorScheme) => {
      const page = await openPage(name, { width: 1280, colorScheme });
      expect(await listViolations(page)).toEqual([]);
      await page.close();
    },
    300_000,
  );

  it.each(everyPage)(
    "%s does not scroll sideways on a phone, except for wide tables within their boxes",
    async (name) => {
      const page = await openPage(name, { width: 360, colorScheme: "light" });
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
      const boxes = await page.evaluate<[number, number, string][]>(
        "[...document.querySelectorAll('.scroll')]" +
          ".map((box) => [box.clientWidth, box.scrollWidth, getComputedStyle(box).overflowX])",
      );
      expect(boxes.filter(([visible, , overflow]) => visible > 360 || overflow !== "auto")).toEqual([]);
      expect(boxes.some(([visible, whole]) => whole > visible)).toBe(true);
      await page.close();
    },
    60_000,
  );

  it.each(everyPage)(
    "%s shows every column of every table at 1280 pixels",
    async (name) => {
      const page = await openPage(name, { width: 1280, colorScheme: "light" });
      const cutOff = await page.evaluate<string[]>(
        "[...document.querySelectorAll('.scroll')]" +
          ".filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.getAttribute('aria-label'))",
      );
      expect(cutOff).toEqual([]);
      await page.close();
    },
    60_000,
  );

  it.each(everyPage)(
    "%s draws a picture that is alone in its row no larger than others",
    async (name) => {
      const page = await openPage(name, { width: 1280, colorScheme: "light" });
      const widths = await page.evaluate<number[]>(
        "[...document.querySelectorAll('figure svg[role=img]')].map((picture) => picture.getBoundingClientRect().width)",
      );
      expect(widths.length).toBeGreaterThan(0);
      expect(widths.filter((width) => width > 480)).toEqual([]);
      await page.close();
    },
    60_000,
  );

  it.each(everyPage)(
    "%s requests nothing but itself",
    async (name) => {
      const page = await browser.newPage();
      const requested: string[] = [];
      page.on("request", (request) => requested.push(request.url()));
      const address = files.writePage(name);
      await page.goto(address);
      expect(requested).toEqual([address]);
      await page.close();
    },
    60_000,
  );

  it("published has the verdicts and the matrix of cells on one screen", async () => {
    const page = await openPage("published", { width: 1280, colorScheme: "light" });
    const bottom = await page.evaluate(
      "document.querySelector('.summary .matrix table').getBoundingClientRect().bottom",
    );
    expect(bottom).toBeLessThan(900);
    await page.close();
  }, 60_000);

  it("published sorts a table by a column, in both directions and back, with missing values last", async () => {
    const page = await openPage("published", { width: 1280, colorScheme: "light" });
    const table = page.locator("table").filter({ hasText: "SIB-200: accuracy (%): Llama-2-7B, stagnant languages" });
    const base = table.locator("th[rowspan]", { hasText: "Base" });
    const score = table.locator("thead tr").nth(1).locator("th").first();
    const readColumn = (column: number) =>
      table.locator(`tbody tr > :nth-child(${column})`).evaluateAll((cells) => cells.map((cell) => cell.textContent));
    const original = await readColumn(4);
    const numbers = original.map(Number).filter(Number.isFinite);
    await score.getByRole("button").click();
    expect([await score.getAttribute("aria-sort"), await readColumn(4)]).toEqual([
      "descending",
      [...numbers.toSorted((a, b) => b - a).map((value) => value.toFixed(2)), "–"],
    ]);
    await score.getByRole("button").click();
    expect([await score.getAttribute("aria-sort"), (await readColumn(4)).at(-1)]).toEqual(["ascending", "–"]);
    await base.getByRole("button").click();
    expect([await score.getAttribute("aria-sort"), await base.getAttribute("aria-sort")]).toEqual([null, "descending"]);
    await base.getByRole("button").click();
    await base.getByRole("button").click();
    expect([await base.getAttribute("aria-sort"), await readColumn(4)]).toEqual([null, original]);
    await page.close();
  }, 60_000);

  it("published filters the rows of a section by words of the row and the caption", async () => {
    const page = await openPage("published", { width: 1280, colorScheme: "light" });
    const section = page.locator("section", { has: page.locator("#languages") });
    await page.getByLabel("Show rows with").fill("zulu llama-3.1 sib");
    expect(await section.locator("tbody tr:visible th").allTextContents()).toEqual(["Zulu zul_Latn", "Zulu zul_Latn"]);
    expect(await section.getByRole("status").textContent()).toBe("2 of 360 rows");
    await page.getByLabel("Show rows with").fill("");
    expect(await section.getByRole("status").textContent()).toBe("");
    await page.close();
  }, 60_000);

  it("published shows everything without scripts, and no control that would do nothing", async () => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.goto(files.writePage("published"));
    expect(await page.locator(".filter:visible, th button").count()).toBe(0);
    await page.locator("summary", { hasText: "Viking-7B: tables of every score" }).click();
    expect(await page.locator("#scores-viking-7b-stagnant").isVisible()).toBe(true);
    await page.close();
  }, 60_000);

  it.each(everyPage)(
    "%s prints every column within the width of the paper",
    async (name) => {
      const page = await openPage(name, { width: 1280, colorScheme: "dark" });
      await page.emulateMedia({ media: "print" });
      await page.setViewportSize({ width: 718, height: 1000 });
      const tooWide = await page.evaluate<string[]>(
        "[...document.querySelectorAll('table')]" +
          ".filter((table) => table.getBoundingClientRect().right > 718)" +
          ".map((table) => table.caption.textContent)",
      );
      expect(tooWide).toEqual([]);
      expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
      await page.close();
    },
    60_000,
  );
});
