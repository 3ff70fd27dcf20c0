"""Results into a copy of the workbook that they come from, with everything else in it kept."""
