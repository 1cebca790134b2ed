"""Parts that every package of the bot uses: settings, clocks, tasks, the open storage, metrics."""
