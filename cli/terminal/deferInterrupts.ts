/** Keeps this process alive at Ctrl-C, which also ends the programs it has started, so that a cleanup can follow. */
export async function deferInterrupts<Result>(run: (interrupted: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const abortRun = (): void => controller.abort(new Error("interrupted"));
  process.on("SIGINT", abortRun);
  return run(controller.signal).finally(() => process.off("SIGINT", abortRun));
}
