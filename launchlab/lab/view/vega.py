"""Vega itself, from vl-convert: one self-hosted bundle, and still pictures."""

from __future__ import annotations

from functools import cache
from typing import Any

from launchlab.lab.view.theme import responsive
from launchlab.memo import memo

_PICTURE_WIDTH = 640
# Not `window.vega`: JupyterLab and other extensions may bring a Vega of their own.
# (vl-convert 1.9 gives null for `vega` and `vegaLite` alone, so vega-embed it is.)
_SNIPPET = "globalThis.launchlabVega = vegaEmbed;"


@cache
@memo
def bundle() -> str:
    """Vega, Vega-Lite and vega-embed as one classic script that sets ``launchlabVega``.

    The function around it keeps the bundle's hundreds of names out of the page's global scope.
    Making it takes two seconds, which not each of a test run's kernels has to spend.
    """
    # Imported only where needed: Python in the page is without it, and draws with Vega itself.
    import vl_convert

    return "(function(){\n" + vl_convert.javascript_bundle(_SNIPPET) + "\n})();\n"


def picture(spec: dict[str, Any], rows: list[dict[str, Any]] | None, data_name: str) -> str:
    """The chart as SVG, shown until JavaScript runs, or instead of it.

    Parameters
    ----------
    spec : dict
        Vega-Lite specification; its data set is named ``data_name`` unless ``rows`` is None.
    rows : list of dict, optional
    data_name : str

    Returns
    -------
    str
        SVG that scales with its container.
    """
    import vl_convert

    full = responsive(spec, _PICTURE_WIDTH)
    if rows is not None:
        full = {**full, "datasets": {data_name: rows}}
    svg: str = vl_convert.vegalite_to_svg(full)
    return svg
