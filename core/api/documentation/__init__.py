"""What the routes are, for programs (/openapi.json) and for people (/docs).

Both are made of the dialects' own declarations, so that a format that is added shows up by itself.
"""

from core.api.documentation.openapi import openapi
from core.api.documentation.page import docs_page

__all__ = ["docs_page", "openapi"]
