"""The search: a relaxation first, then plans on one processor and the proof on the other."""
