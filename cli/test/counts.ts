/** How many checks of a part held, how many did not, and how many did not run because the machine lacks what they need. */
export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}
