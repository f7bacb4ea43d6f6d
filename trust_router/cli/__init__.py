"""The command `trust-router`: parse, call, print."""
