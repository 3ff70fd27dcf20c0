"""The reranking workbench without its interface: everything here runs without Streamlit."""

__version__ = "0.1.0"
