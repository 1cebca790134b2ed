"""Reading papers: printed text found and read by PP-OCRv6, and the pictures that it is read from.

NumPy and ``onnxruntime`` only; the media worker imports the package, never the bot.
"""
