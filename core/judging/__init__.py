"""Labels one can afford: whose they are, how a model's agree with people's, and which to ask for next.

A label always says who gave it. What a model judged is never mixed silently with what people judged.
"""
