"""What may happen: states, form, rules. Values in, values out; no I/O, no clock, no await."""
