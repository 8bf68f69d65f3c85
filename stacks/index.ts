import { program } from "./program.ts";

export const { cells, bases, shared } = await program();
