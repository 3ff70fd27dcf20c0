"""What axe-core finds on a page (https://github.com/dequelabs/axe-core, MPL-2.0, from npm, for tests)."""

import json
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

from tests.node_packages import node_packages

# What keeps people out: text that cannot be read, controls without a name or out of reach of the keyboard.
SERIOUS = ("serious", "critical")
DRESSED = """() => {
  const caption = document.querySelector('[data-testid=stCaptionContainer]');
  return !caption || getComputedStyle(caption).opacity === '1';
}"""
SCRIPT = """async (serious) => {
  const found = await axe.run(document, {resultTypes: ['violations']});
  return found.violations.filter((one) => serious.includes(one.impact)).map((one) => ({
    rule: one.id,
    help: one.help,
    nodes: one.nodes.map((node) => node.html.slice(0, 300) + ' — ' + (node.failureSummary || '')),
  }));
}"""


@cache
def _axe() -> str | None:
    folder = node_packages("axe", Path(__file__).with_name("node") / "package.json")
    return None if folder is None else (folder / "node_modules/axe-core/axe.min.js").read_text("utf-8")


def axe_is_here() -> bool:
    """Whether npm is there and gave it."""
    return _axe() is not None


def assert_no_serious_violation(page: Page) -> None:
    """Nothing serious or critical on the page as it stands; without axe-core nothing is looked for."""
    script = _axe()
    if script is None:
        return
    # The style sheets of a new page take effect a moment after its first words.
    page.wait_for_function(DRESSED)
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(script)
    found = page.evaluate(SCRIPT, list(SERIOUS))
    assert not found, f"{page.url}\n{json.dumps(found, ensure_ascii=False, indent=1)}"
