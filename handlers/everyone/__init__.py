"""Features of everyone: candidates, staff and strangers."""
