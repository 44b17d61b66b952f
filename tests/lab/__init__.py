"""Real mail, name and web servers on loopback, with every kind of domain advisor should meet.

`scenarios.py` is the table of them. `python -m tests.lab` starts the lab for a person; tests ask
for the `lab` fixture. Nothing leaves loopback, and nothing is left behind.
"""
