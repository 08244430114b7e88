"""Why no plan can exist, told to people: the statements of an explanation as sentences."""
