"""From bytes to tables: what a file is, its encoding, its sheets and cells. It knows no columns' meaning."""
