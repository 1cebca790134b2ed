"""The process of an application: its transitions, its windows of time and its deadlines."""
