"""The frame around every page: navigation and what stands in the sidebar."""
