"""A framework that is not installed is answered by the command that installs it."""

import importlib
import sys

import pytest


@pytest.mark.parametrize(
    ("module", "needed", "command"),
    [
        ("langchain", "langchain_core", "pip install langchain-core"),
        ("llama_index", "llama_index", "pip install llama-index-core"),
        ("haystack", "haystack", "pip install haystack-ai"),
    ],
)
def test_a_missing_package_is_answered_by_its_install_command(
    module: str, needed: str, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [one for one in sys.modules if one == needed or one.startswith(needed + ".")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, needed, None)
    monkeypatch.delitem(sys.modules, f"core.integrations.{module}", raising=False)
    with pytest.raises(ImportError, match=command):
        importlib.import_module(f"core.integrations.{module}")
