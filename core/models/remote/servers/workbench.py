"""This program on another machine: the Cohere form, log-odds on request, instructions taken."""

from core.models.remote.servers.server import Asked, Server, cohere_body, results


def _body(asked: Asked) -> dict[str, object]:
    more: dict[str, object] = {"raw_scores": True, "return_documents": False}
    if asked.instruction:
        more["instruction"] = asked.instruction
    return cohere_body(asked, **more)


SERVER = Server(
    kind="workbench",
    title="Rerank workbench",
    path="/rerank",
    body=_body,
    scores=results,
    scale="logit",
    instruction=True,
    most_documents=256,
)
