"""The registration form: fields as data, pages, and the engine of questionnaires."""
