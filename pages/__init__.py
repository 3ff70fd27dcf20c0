"""The pages: plain scripts that Streamlit runs top to bottom."""
