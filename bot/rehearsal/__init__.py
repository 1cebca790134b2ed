"""The rehearsal of an exam: invented candidates and staff go through its calendar in fake time.

The bot's own rules, jobs and texts run over a throw-away database. Only the command line and the
tests import it; the bot that runs never does.
"""
