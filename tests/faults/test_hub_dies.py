"""A hub that dies at any moment of a download: one sentence, no half model, and the rest when it is back."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import DownloadError, ModelRejectedError
from core.models.downloads import Download
from core.models.loading import load_scorer
from core.models.local import find_local, own_folder, search_local
from tests.models.downloading import MODEL, QUICK, UNNEEDED, WEIGHTS, assert_whole, settings_for
from tests.models.fake_hub import Dialect, FakeHub, running
from tests.models.folders import with_more_data, write_small_model

# Shares of all bytes, the listing's too; a few fixed ones at the edges, the others by chance.
SHARES = (0.0, 1e-4, *sorted(random.Random(7).random() for _ in range(8)), 0.999999)


@pytest.fixture(params=["modelscope", "huggingface"])
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FakeHub]:
    dialect: Dialect = request.param
    folder = write_small_model(tmp_path / "original")
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    files[WEIGHTS] = with_more_data(files[WEIGHTS], 700_000)
    name = MODEL.modelscope_id if dialect == "modelscope" else MODEL.huggingface_id
    with running(FakeHub(dialect, name, files | UNNEEDED)) as served:
        yield served


@pytest.mark.parametrize("share", SHARES)
def test_what_a_dying_hub_leaves_is_no_model_and_is_gone_on_with(
    tmp_path: Path, hub: FakeHub, share: float
) -> None:
    settings = settings_for(tmp_path, **{hub.dialect: hub.url})
    needed = {name: content for name, content in hub.files.items() if name not in UNNEEDED}
    whole = len(json.dumps(hub.listing())) + sum(map(len, needed.values()))
    hub.life = round(share * whole)
    download = Download(MODEL, settings, patience=QUICK)
    download.start()
    dead = download.join(timeout=30)
    assert dead.state in ("failed", "offline") and isinstance(dead.error, DownloadError)
    assert dead.error.hint and "0x" not in str(dead.error) and "object at" not in str(dead.error)
    assert "\n" not in str(dead.error)

    folder = own_folder(MODEL, settings)
    assert find_local("0.6B", settings) is None
    for problem in search_local("0.6B", settings).problems:
        assert "not finished" in str(problem.error)
    with pytest.raises(ModelRejectedError):
        load_scorer(str(folder), settings=settings)
    assert not (folder / WEIGHTS).exists()
    had = sum(path.stat().st_size for path in (folder / ".incomplete").glob(f"{WEIGHTS}.*"))

    hub.life, before = None, len(hub.sent_of(WEIGHTS))
    download.start()
    assert download.join(timeout=30).state == "done"
    assert_whole(folder, hub.files)
    [rest] = hub.sent_of(WEIGHTS)[before:]
    assert (rest.start, rest.start + rest.count) == (had, len(hub.files[WEIGHTS]))
