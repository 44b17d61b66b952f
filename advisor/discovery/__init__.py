"""What does the domain say? One file per source; each plans, then runs."""
