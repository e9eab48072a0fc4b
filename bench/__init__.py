"""What Resolve costs, as ratios measured in one run: `python -m bench`.

One module per row; nothing here is a test, since machines are shared and noisy.
"""
