"""The sandbox's page in NiceGUI: list of people, chat, tools and dialogs."""
