"""Providers of payments: the port ``Cashier``, its adapters, and what they report by HTTP."""
