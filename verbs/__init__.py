"""What the verbs do: they wire inputs, model and reports, print, and return an exit code."""
