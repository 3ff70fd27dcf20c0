"""A browser's side of select boxes, which Streamlit's own test leaves out.

A browser keeps the word that a box shows until the server sends another one, and sends it with every click.
"""

from streamlit.testing.v1 import AppTest


class Browser:
    """What one browser holds of a page that has been run."""

    def __init__(self, app: AppTest) -> None:
        self.app = app
        self.held = app._tree.get_widget_states()

    def click(self, key: str | None = None) -> AppTest:
        """Click on a button, or on something that changes no value."""
        if key is not None:
            pressed = self.held.widgets.add()
            pressed.id, pressed.trigger_value = self.app.button(key=key).proto.id, True
        self.app._run(self.held)
        if key is not None:
            self.held.widgets.pop()
        words = {box.proto.id: box.proto.raw_value for box in self.app.selectbox if box.proto.set_value}
        for widget in self.held.widgets:
            if widget.id in words:
                widget.string_value = words[widget.id]
        assert not self.app.exception, self.app.exception[0].value
        return self.app

    def shown(self, key: str) -> str:
        """The word that a box shows."""
        box = self.app.selectbox(key=key).proto.id
        return next(widget.string_value for widget in self.held.widgets if widget.id == box)
