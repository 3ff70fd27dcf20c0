"""Other rerankers, on transformers alone: BGE, gte, mxbai, bce and whatever has their form.

    recipes     what a model is given and which of its numbers is the score: declared, never guessed
    stated      the recipe that a model's folder states
    folder      is a folder such a model, and one that gives right scores; every refusal is one sentence
    qwen3_form  which of them have Qwen3's form, so that the engine runs them
    pairs       the tokens of query and document; only the document is ever shortened
    networks    the loaded network, down to one logit per pair, its last product in fp32
    selftest    the scores that model cards publish, against this machine's
    scorer      many pairs in length-sorted micro-batches, in the caller's order

A model that brings its own program is refused: such code is never run here.
"""
