"""A person without a mouse: goes through a page with the Tab key and sees where the focus is."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

MINUTE = 60_000
# More steps than any page has controls.
MOST_STEPS = 150
# Whether the element with the focus is the one that is looked for, or lies within it.
REACHED = "(css) => Boolean(document.activeElement && document.activeElement.closest(css))"
# The focus shows: an outline or a ring on the element itself, or on the box around a field or a choice.
VISIBLE = """() => {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return null;
  const shown = (one) => {
    const style = getComputedStyle(one);
    const outline = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
    return outline || style.boxShadow !== 'none';
  };
  for (let one = focused, up = 0; one && up < 4; one = one.parentElement, up += 1) {
    if (shown(one)) return null;
  }
  return focused.outerHTML.slice(0, 200);
}"""


@dataclass(frozen=True)
class Keyboard:
    """The keys of one tab."""

    page: Page

    def to(self, css: str) -> None:
        """Press Tab until the focus is on, or within, an element that the selector names."""
        expect(self.page.locator(css).first).to_be_visible(timeout=MINUTE)
        for _ in range(MOST_STEPS):
            if self.page.evaluate(REACHED, css):
                return
            self.page.keyboard.press("Tab")
            unseen = self.page.evaluate(VISIBLE)
            assert unseen is None, f"the focus cannot be seen on {unseen}"
        raise AssertionError(f"Tab does not reach {css} on {self.page.url}")

    def press(self, css: str, key: str = "Enter") -> None:
        """Go there and press a key."""
        self.to(css)
        self.page.keyboard.press(key)

    def submit(self) -> None:
        """The page's main button, from wherever the focus is."""
        self.page.keyboard.press("Control+Enter")

    def idle(self) -> None:
        """Nothing is being computed."""
        app = self.page.get_by_test_id("stApp")
        expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=MINUTE)
