"""How JupyterLab starts: `make lab` names this file, on Binder `postBuild` puts it in place."""

c = get_config()  # noqa: F821 (Jupyter provides it)

# On the book's first page rather than on an empty launcher; the address it prints leads there too.
c.LabApp.default_url = "/lab/tree/book/index.ipynb"
# The lock says which version this is; a newer one is no news to a reader.
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
