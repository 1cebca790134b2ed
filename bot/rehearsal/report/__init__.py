"""The report of a rehearsal, as Markdown and as HTML."""
