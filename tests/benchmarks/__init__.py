"""Scripts that measure the budgets of the design; `python -m tests.benchmarks [GROUP]...`."""
