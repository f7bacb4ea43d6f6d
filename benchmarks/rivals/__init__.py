"""Other ways to sample our models; `benchmarks/samplers.py` sets them side by side."""
