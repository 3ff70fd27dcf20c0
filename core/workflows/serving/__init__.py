"""Answers for many callers at once: who is next, shared passes, answers that are known, what was asked
lately.
"""
