"""Write it down: one format per module, each with an ``EXPORTER``; pure."""
