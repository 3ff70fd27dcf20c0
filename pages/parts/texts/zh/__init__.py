"""Chinese. One file per part of the program; every file's `TEXTS` is found by itself."""

NAME = "中文"
