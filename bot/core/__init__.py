"""Parts that every room of the bot uses: settings, clocks, tasks, the open storage, metrics."""
