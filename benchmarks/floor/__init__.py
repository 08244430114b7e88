"""The floor: what it takes to fill the matrix of a case by hand, with NumPy, and to pass it to HiGHS."""
