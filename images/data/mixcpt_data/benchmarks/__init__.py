"""Task files of the miniature benchmarks, in the layouts of SIB-200 and FLORES-200."""
