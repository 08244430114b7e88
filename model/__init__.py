"""Model: a Case becomes one mixed-integer model; its solution becomes one Plan."""
