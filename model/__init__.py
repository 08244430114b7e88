"""Model: a Case becomes one mixed-integer model; its solution becomes one Plan."""

from .plan import Plan, Progress
from .solving import solve

__all__ = ["Plan", "Progress", "solve"]
