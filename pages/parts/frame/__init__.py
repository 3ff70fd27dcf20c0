"""What surrounds every page: navigation, language, messages, the model's status, small widgets."""
