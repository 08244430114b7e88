"""The sections of the comparison, each with a finding that holds for these plans."""
