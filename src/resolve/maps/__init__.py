"""Published maps: versions that never change, and the chains read from them."""
