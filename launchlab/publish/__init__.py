"""The book's build: ``python -m launchlab.publish build|serve``.

Notebooks are executed, pages are made of them by Jupyter Book and the Sphinx extension in
`sphinxext`, and served. Knows experiments and claims, and no subject; nothing else of the package
knows it.
"""
