"""An evaluation put to use: recipes with its evidence, gates of a build, blends, calibrations."""
