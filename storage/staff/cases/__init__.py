"""Applications at the desks of the staff: queue, claims, decisions and second looks."""
