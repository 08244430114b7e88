"""Random cases of any size, feasible by construction: for benchmarks, and to see what size one can afford."""
