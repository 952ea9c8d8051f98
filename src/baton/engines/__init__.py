"""Engines behind the ports: models, pools, wakes, blobs."""
