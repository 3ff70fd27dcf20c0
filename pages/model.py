"""Model: which one scores, how it runs, whether it scores right, and the others that can be had."""

import streamlit as st

from core.workflows.home.inventory import embedding_inventory, inventory
from core.workflows.serving.answers import answer_service
from pages.parts.frame.language import t
from pages.parts.frame.menu import draw_title
from pages.parts.frame.workbench import the_workbench
from pages.parts.model.embeddings import draw_embeddings
from pages.parts.model.known_scores import draw_known_scores
from pages.parts.model.own_model import draw_own_model
from pages.parts.model.view import draw_active, draw_inventory, draw_selftest

bench = the_workbench()
draw_title("model")
draw_active(bench)
draw_known_scores(answer_service())
draw_selftest(bench)
st.subheader(t("Models on this machine and on the hubs"))
draw_inventory(bench, inventory(bench.settings))
draw_own_model(bench)
draw_embeddings(bench, embedding_inventory(bench.settings))
