"""Scorers behind a URL: a rerank server of one's own or a hosted one, as a `core.records.Scorer`.

    addresses   a URL as a user types it, the key that belongs to it, and consent to send texts there
    servers/    one short module a kind of server: what it is asked, how its answer is read, its limits
    detection   which kind of server answers at a URL
    transport   one exchange with retries; what went wrong in one sentence
    scorer      many documents: cut into requests, several at a time, checked, in the caller's order
    connecting  from a URL to a checked scorer: kind, model, scale of the scores, template

Nothing here reads weights; texts leave this machine only after `addresses.check_consent`.
"""
