"""Benchmarks: where suanli's time and memory go, beside plain HiGHS and SCIP. Start: `python -m benchmarks --help`."""
