"""The command line, ``baoming``: one module a group of commands. Its words are in ``cli.ftl``."""
