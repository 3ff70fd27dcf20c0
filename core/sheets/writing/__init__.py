"""From tables to files: Excel workbooks, CSV, JSON Lines, Parquet."""
