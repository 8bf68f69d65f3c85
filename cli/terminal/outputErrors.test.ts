import { handleOutputErrors, selectOutputErrorExit } from "./outputErrors.ts";

function createError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`write ${code}`), { code });
}

describe("selectOutputErrorExit", () => {
  it.each(["plan", "render", "report", "watch", undefined])("ends %s with success on a closed pipe", (command) => {
    expect(selectOutputErrorExit("EPIPE", command)).toBe(0);
  });

  it.each(["up", "retry", "cluster", "deploy", "destroy", "down", "preview", "setup"])(
    "lets %s complete its changes without a reader",
    (command) => {
      expect(selectOutputErrorExit("EPIPE", command)).toBeUndefined();
    },
  );

  it("fails on any other error, such as a full disk", () => {
    expect(selectOutputErrorExit("ENOSPC", "plan")).toBe(1);
  });
});

describe("handleOutputErrors", () => {
  const streams = [process.stdout, process.stderr];
  const listeners = streams.map((stream) => stream.listeners("error"));
  let exit: jest.SpyInstance;
  let complain: jest.SpyInstance;

  beforeEach(() => {
    exit = jest.spyOn(process, "exit").mockImplementation();
    complain = jest.spyOn(console, "error").mockImplementation();
    handleOutputErrors("plan");
  });
  afterEach(() => {
    jest.restoreAllMocks();
    streams.forEach((stream, index) => {
      for (const listener of stream.listeners("error"))
        if (listeners[index]?.includes(listener) !== true) stream.off("error", listener as () => void);
    });
  });

  it.each(streams)("ends quietly when the reader of stream %# has closed the pipe", (stream) => {
    stream.emit("error", createError("EPIPE"));
    expect(exit).toHaveBeenCalledWith(process.exitCode);
    expect(complain).not.toHaveBeenCalled();
  });

  it("names the reason when standard output cannot be written", () => {
    process.stdout.emit("error", createError("ENOSPC"));
    expect(complain).toHaveBeenCalledWith("standard output: cannot be written: write ENOSPC");
    expect(exit).toHaveBeenCalledWith(1);
  });
});
