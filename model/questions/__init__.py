"""Questions to a plan beyond the cheapest: what a target costs, what else would do, what is given up for what."""
