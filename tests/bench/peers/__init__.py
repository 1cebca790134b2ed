"""The same form on other libraries, each in one file, as a user of that library writes it."""
