"""Tests of the sandbox: Bot API rules, update delivery, persistence and page."""
