"""Payments: orders, the money that came in, refunds, and what they do to applications."""
