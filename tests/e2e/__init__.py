"""What stories and crash tests stand on: people who act over HTTP, and a bot to act upon."""
