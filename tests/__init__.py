"""Tests: they mirror the four rooms, plus whole lives through the sandbox."""
