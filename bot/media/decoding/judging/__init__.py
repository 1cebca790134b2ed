"""The judge of photos: measures, mended copies and drawn marks; in the media worker alone.

A library's threads would not survive the fork of a job, so NumPy is told before it is imported.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
