"""suanli: plan a city's compute capacity, proved optimal and checkable."""

__version__ = "0.1.0"
