"""Means from few labels by people and many by a model; intervals that hold whatever the model's errors."""
