"""The database's schema, version by version; run from code (``storage.engine.schema``)."""
