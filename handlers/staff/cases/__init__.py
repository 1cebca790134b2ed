"""Cases: an application is found, claimed, reviewed and decided."""
