"""Passages and finding them: tokens of our own, two stores behind one interface, first stages.

    passages     what travels, and what a store offers      tokens         text to the tokens of both stores
    lance        the default store, on LanceDB              sqlite         the fallback, nothing to install
    nearest      exact search over vectors in memory        first_stages   joining the lists of both searches
    opening      which store a place holds

It knows no model: vectors are handed in and carry only their model's fingerprint.
"""
