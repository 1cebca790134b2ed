"""The fee: orders, the money that a provider reports, and where each fen of it is.

Every fen that came in is in one of three buckets: *fee*, *owed back*, *sent back*. Amounts are
whole fen. The provider's time of success decides, never the time at which the bot heard of it.
"""
