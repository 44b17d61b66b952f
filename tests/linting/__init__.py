"""Tests of the linters."""
