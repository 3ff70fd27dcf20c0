"""The workbench over HTTP: routes for the app's own port."""
