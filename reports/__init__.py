"""Reports: everything that people read, drawn from a result folder."""
