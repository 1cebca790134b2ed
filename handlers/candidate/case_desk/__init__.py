"""Cases of a candidate about identity or account: the proof, the place and the outcome."""
