"""The end-to-end harness: people who act over HTTP, a sandbox, and a bot; and the stories."""
