"""The door: what every request passes before pages, files, websocket or API see it.

`middleware` is the door itself; the other modules each hold one of its rules. They know nothing of
Streamlit, of models or of what a route does.
"""
