"""Keys that work wherever the focus is: Ctrl+Enter for the page's main button, «?» for the help sheet.

Streamlit passes a shortcut over while the focus is on another button or choice. In a field it takes what was
typed first and then acts, so there the keys are left to it.
"""

import streamlit as st

_SCRIPT = """
<script>
if (!window.workbenchKeys) {
  window.workbenchKeys = true;
  window.addEventListener('keydown', (event) => {
    const fields = 'textarea, [contenteditable=true], input:not([type=radio], [type=checkbox])';
    if (event.target.closest(fields)) return;
    let button = null;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      button = [...document.querySelectorAll('[data-testid=stMain] [data-testid=stBaseButton-primary]')]
        .find((one) => !one.disabled && /Enter/.test(one.textContent));
    } else if (event.key === '?' && !event.ctrlKey && !event.metaKey && !event.altKey) {
      button = document.querySelector('.st-key-app-help button');
    }
    if (!button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    button.click();
  }, true);
}
</script>
"""


def draw_keys() -> None:
    """Listen, once a browser tab."""
    st.html(_SCRIPT, unsafe_allow_javascript=True)
