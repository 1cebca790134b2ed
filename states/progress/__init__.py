"""Progress of a candidate: the next step, the outlook, and the steps of the registration."""
