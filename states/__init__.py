"""Pure rules: states, form, transitions. Values in, values out; no I/O, no clock, no await."""
