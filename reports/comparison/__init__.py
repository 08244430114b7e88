"""What differs between results: their inputs, costs, targets, sites and building programmes."""
