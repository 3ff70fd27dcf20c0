"""Corpora and large batches on object storage: the program's own commands against moto's S3 server.

The server lies in memory.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

PROJECT = Path(__file__).resolve().parents[2]
PYTHON = os.environ["RERANK_TEST_PYTHON"]
BUCKET = "bucket"
ROWS = (
    ("refund", "A refund reaches your card within 3 to 5 days.", "en"),
    ("电池", "首次使用前请将电池充满电，充电约需两小时。", "zh"),
    ("warranty", "The warranty covers two years from the date of purchase.", "en"),
)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What a user sets: the address of the corpora, the keys, and here the server of this test."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        access = {
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ALLOW_HTTP": "true",
        }
        _storage(access).create_bucket(Bucket=BUCKET)
        yield (
            os.environ
            | access
            | {
                "RERANK_CORPUS_URI": f"s3://{BUCKET}/corpora",
                "RERANK_HOME": str(tmp_path_factory.mktemp("home")),
                "RERANK_DOWNLOAD": "never",
            }
        )
    finally:
        server.stop()


def _storage(environment: dict[str, str]) -> Any:  # noqa: ANN401 - boto3 makes its clients as it runs
    return boto3.client(
        "s3",
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        region_name="us-east-1",
    )


def _batch(environment: dict[str, str]) -> Any:  # noqa: ANN401 - any JSON
    options = "endpoint_override=" + environment["AWS_ENDPOINT_URL"].removeprefix("http://") + "&scheme=http"
    place = f"s3://key:secret@{BUCKET}"
    command = [PYTHON, "-m", "core", "batch", f"{place}/in/*.csv?{options}", "-o", f"{place}/out?{options}"]
    command += ["--engine", "parts", "--model", "embedded", "--json"]
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_a_large_batch_reads_from_object_storage_and_writes_to_it(environment: dict[str, str]) -> None:
    storage = _storage(environment)
    for number in range(3):
        rows = [
            f"q{number}{at},{query},{key},{text}"
            for at, query in enumerate(("退款", "warranty"))
            for key, text, _ in ROWS
        ]
        body = "\n".join(["query_id,query,document_id,document", *rows]).encode()
        storage.put_object(Bucket=BUCKET, Key=f"in/{number}.csv", Body=body)
    storage.put_object(Bucket=BUCKET, Key="in/notes.txt", Body=b"not one of them")
    said = _batch(environment)
    assert (said["queries"], said["pairs"], said["scored"]) == (6, 18, 18)
    names = [one["Key"] for one in storage.list_objects_v2(Bucket=BUCKET, Prefix="out/")["Contents"]]
    assert "out/_SUCCESS" in names and sum(name.endswith(".parquet") for name in names) == said["parts"]
    success = json.loads(storage.get_object(Bucket=BUCKET, Key="out/_SUCCESS")["Body"].read())
    assert success["queries"] == 6
    # What is there is not scored again; a part that is gone is.
    assert _batch(environment)["scored"] == 0
    gone = next(name for name in names if name.endswith(".parquet"))
    for name in (gone, "out/_SUCCESS"):
        storage.delete_object(Bucket=BUCKET, Key=name)
    assert 0 < _batch(environment)["scored"] < 18


def _corpus(environment: dict[str, str], *arguments: str) -> Any:  # noqa: ANN401 - any JSON
    done = subprocess.run(
        [PYTHON, "-m", "core", "corpus", *arguments, "--json"],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_a_corpus_lives_on_object_storage(environment: dict[str, str], tmp_path: Path) -> None:
    table = tmp_path / "faq.csv"
    lines = ["document_id,document,lang", *(",".join(row) for row in ROWS)]
    table.write_text("\n".join(lines), encoding="utf-8")
    name = "帮助 1"
    added = _corpus(environment, "add", name, str(table), "--vectors", "now")
    assert (added["passages"], added["added"]) == (3, 3)
    assert _corpus(environment, "add", name, str(table))["added"] == 0
    (listed,) = _corpus(environment, "list")["corpora"]
    assert (listed["corpus"], listed["passages"], listed["vectors"]) == (name, 3, 3)
    found = _corpus(
        environment, "search", name, "--query", "怎么给电池充电", "--rerank", "--model", "embedded"
    )
    assert found["results"][0]["id"] == "电池" and set(found["results"][0]["stages"]) == {"bm25", "embedding"}
    english = _corpus(environment, "search", name, "--query", "充电", "--where", "lang=en")
    assert {one["id"] for one in english["results"]} == {"refund", "warranty"}
    # Nothing of it is on this machine.
    home = Path(environment["RERANK_HOME"])
    assert not list(home.rglob("*.lance"))
    assert _corpus(environment, "remove", name, "--id", "refund")["passages"] == 2
    assert _corpus(environment, "remove", name) == {"corpus": name, "removed": 2, "passages": 0}
    assert _corpus(environment, "list") == {"corpora": []}
