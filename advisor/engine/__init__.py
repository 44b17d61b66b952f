"""What follows? Facts and rules in, verdicts, order and findings out; pure and deterministic."""
