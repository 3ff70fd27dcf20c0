"""One home folder's life: the loaded model, the jobs, what lies there. It knows no feature."""
