"""The program mixcpt-preflight: checks of one node, or of a pair of nodes, before trainings run there."""
