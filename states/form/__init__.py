"""The registration form: its fields as data, its pages, and the engine that asks any of them."""
