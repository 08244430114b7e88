"""Charts of the report, by topic: each function draws one from numbers and labels it is given."""
