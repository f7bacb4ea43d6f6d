"""The only code with a network; it knows a job, not a judge."""
