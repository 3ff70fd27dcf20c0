"""From tables to query–document pairs: headers, roles of columns, layouts, labels, and what is doubtful."""
