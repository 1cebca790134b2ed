"""Parts for the operator: health, the HTTP server, the doctor, the sandbox's staff."""
