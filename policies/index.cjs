/** Pulumi requires the pack's entry with a compiler for CommonJS in place; an import leaves the compilation to Node. */
void import("./pack.ts");
