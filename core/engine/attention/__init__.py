"""Attention over a packed sequence: every document sees its query's prefix and itself.

segments   which tokens see which, and the interface      bucketed   documents of like length together
choice     the kernel for a device and data type          cpu        … in the cache, or through oneDNN
                                                          cuda       all lengths in one flash call
"""
