import { estimateRemainingSeconds } from "./remainingTime.ts";

describe("the remaining time", () => {
  it("counts items that run beside the one that has ended", () => {
    const running = [
      { usual: 13, elapsed: 1 },
      { usual: 11, elapsed: 1 },
    ];
    expect(estimateRemainingSeconds({ total: 48, finished: 1, running }, 60)).toBe(45 * 20);
  });

  it("counts an item that takes longer than usual as if it ended now", () => {
    const running = [{ usual: 2, elapsed: 10 }];
    expect(estimateRemainingSeconds({ total: 4, finished: 0, running }, 600)).toBe(600);
  });

  it("is the usual one before anything has run", () => {
    expect(estimateRemainingSeconds({ total: 4, finished: 0, running: [] }, 0)).toBe(240);
  });

  it("is nothing at the end", () => {
    expect(estimateRemainingSeconds({ total: 4, finished: 4, running: [] }, 90)).toBe(0);
  });
});
