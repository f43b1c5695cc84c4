"""Python in the page: what a reader's browser needs to run a chapter's code, and how it gets there.

An extra: where ``PAGE_PYTHON=1`` is set, `site.install` puts an interpreter beside the built pages;
elsewhere nothing of it is fetched, and no page has the button.

- ``fetch``: the interpreter's wheel, by the version and hash in ``page-python.lock``.
- ``prune``, ``course``, ``pack``: what of it is shipped, with the course's own code, packed.
- ``front``: the page's side (``runtime.js``), the frame without rights, and the worker in it.
- ``inside``: the Python that runs cells there, and stand-ins for what only a kernel has.
"""
