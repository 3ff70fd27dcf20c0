"""What is kept in a home folder, and how: databases, small files, packed values, one open store per home,
one writer at a time.

Everything is its owner's alone: folders 0700, files 0600, also those that an earlier version left open. What
the values mean is for those who keep them.
"""
