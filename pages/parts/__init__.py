"""What the pages share. A subfolder, because Streamlit takes every file beside the pages for a page."""
