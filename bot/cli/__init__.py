"""The command line ``baoming``: one module a group of commands, its texts in ``cli.ftl``."""
