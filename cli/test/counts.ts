/** How many checks of a part held and how many did not. */
export interface Counts {
  passed: number;
  failed: number;
}
