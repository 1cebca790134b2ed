"""The database and its keys: engines, tables, schema, encryption, locks."""
