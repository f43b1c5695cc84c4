"""A release: a folder with a model, what is plausible, and examples that must come out alike.

``model.skops``, ``schema.json`` and ``examples.json`` are written by the trainer, and so is
``manifest.json``, which holds their hashes and that of the data that the model has learnt from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
from numpy.typing import NDArray
from pydantic import ValidationError
from skops.io import get_untrusted_types, loads

from ranker import features
from ranker.offers import Offer, Session

TRUSTED = ("sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",)
"""Types that a model file may hold beside those that skops trusts by itself. A tree of the boosted
model is one: an object of Python that holds two tables of numbers. skops cannot know that making
one runs nothing else; whoever adds a type here has looked."""

TOLERANCE = 1e-6
"""By how much a score may differ from the trainer's: the last digit of a number in 32 bits."""

FILES = ("model.skops", "schema.json", "examples.json")


class ReleaseError(ValueError):
    """A release that must not be served, and why, in one sentence."""


@dataclass(frozen=True, eq=False)
class Release:
    """What is served.

    Attributes
    ----------
    name : str
    model : scikit-learn classifier
    plausible : dict
        Field of an offer to its lowest and highest plausible value.
    usual : dict
        Field of an offer to the value that may stand in for an implausible one; empty in a release
        of a trainer that wrote none.
    places : int
        Length of a slate.
    data, digest : str
        Hashes of what the model has learnt from, and of the model's file.
    """

    name: str
    model: Any
    plausible: dict[str, tuple[float, float]]
    usual: dict[str, float]
    places: int
    data: str
    digest: str

    def scores(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probability of an order for each row, shape (m,)."""
        return np.asarray(self.model.predict_proba(rows)[:, 1], dtype=np.float32)

    def doubts(self, offer: Offer) -> dict[str, str]:
        """What is implausible about an offer: each field of which anything is, and a sentence."""
        found = {}
        for field, (low, high) in self.plausible.items():
            value = getattr(offer, field)
            if not low <= value <= high:
                found[field] = f"{field}={value:g}, expected {low:g} to {high:g}"
        return found

    def mended(self, offer: Offer, fields: Iterable[str]) -> Offer:
        """The offer with usual values in some of its fields."""
        return offer.model_copy(update={field: self.usual[field] for field in fields})

    def need_usual(self) -> None:
        """Whoever puts usual values in the place of implausible ones needs one for each field.

        Raises
        ------
        ReleaseError
            If one is missing, or is not plausible itself.
        """
        for field, (low, high) in self.plausible.items():
            if field not in self.usual:
                raise ReleaseError(
                    f"release {self.name!r}: schema.json has no usual {field}, expected one for "
                    "each plausible field: the service was started with --implausible usual"
                )
            if not low <= self.usual[field] <= high:
                raise ReleaseError(
                    f"release {self.name!r}: usual {field}={self.usual[field]:g}, "
                    f"expected {low:g} to {high:g}, which is plausible"
                )


def sha(content: bytes) -> str:
    """The first twelve digits of a SHA-256: enough to tell versions apart in a log."""
    return hashlib.sha256(content).hexdigest()[:12]


def read(folder: Path) -> Release:
    """Read a release and hold it to its contract.

    Raises
    ------
    ReleaseError
        If a file is missing or has changed, the model holds a type that nobody has looked at, or
        an example does not come out as it did in training.
    """
    name = folder.name
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        content = {file: (folder / file).read_bytes() for file in FILES}
        wanted, data, version = manifest["files"], manifest["data"], manifest["scikit-learn"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(f"release {name!r} cannot be read: {error}") from error
    for file in FILES:
        if sha(content[file]) != wanted.get(file):
            raise ReleaseError(f"release {name!r}: {file} is not the file that the manifest names")
    if version != sklearn.__version__:
        raise ReleaseError(
            f"release {name!r} was written by scikit-learn {version}, expected the one that is "
            f"installed here, {sklearn.__version__}"
        )
    model = read_model(name, content["model.skops"])
    schema = json.loads(content["schema.json"])
    if tuple(schema["features"]) != features.FEATURES:
        raise ReleaseError(
            f"release {name!r} has learnt from other features than the service makes"
        )
    release = Release(
        name=name,
        model=model,
        plausible={field: (low, high) for field, (low, high) in schema["plausible"].items()},
        usual=schema.get("usual", {}),
        places=schema["places"],
        data=data,
        digest=sha(content["model.skops"]),
    )
    broken = breach(release, json.loads(content["examples.json"]))
    if broken:
        raise ReleaseError(f"release {name!r} breaks its contract: {broken}")
    return release


def read_model(name: str, content: bytes) -> Any:
    """A model from the bytes of its file, which is asked for its types before any is made.

    Raises
    ------
    ReleaseError
        If it is no such file, or holds a type that is not in ``TRUSTED``.
    """
    try:
        strange = sorted(set(get_untrusted_types(data=content)) - set(TRUSTED))
        if not strange:
            return loads(content, trusted=list(TRUSTED))
    except Exception as error:  # whatever reading a strange file may raise
        raise ReleaseError(f"release {name!r}: model.skops cannot be read: {error}") from error
    raise ReleaseError(
        f"release {name!r}: model.skops holds {strange[0]}, which is no type of "
        "ranker.release.TRUSTED"
    )


def breach(release: Release, examples: list[dict[str, Any]]) -> str | None:
    """The first example that does not come out as in training, in one sentence; None if all do.

    Parameters
    ----------
    release : Release
    examples : list of dict
        ``session`` is what is asked; ``features`` and ``scores`` are what the trainer made of it.
    """
    for number, example in enumerate(examples):
        try:
            session = Session.model_validate(example["session"])
        except ValidationError as error:
            return f"example {number} is refused at the door, {len(error.errors())} times"
        made, wanted = features.make_rows(session), np.array(example["features"], np.float32)
        if made.shape != wanted.shape:
            return f"example {number} has {made.shape} features, in training {wanted.shape}"
        apart = ~np.isclose(made, wanted, rtol=TOLERANCE, atol=TOLERANCE)
        if apart.any():
            row, column = np.argwhere(apart)[0]
            return (
                f"example {number}, offer {row}: {features.FEATURES[column]}="
                f"{made[row, column]:g}, in training {wanted[row, column]:g}"
            )
        gap = np.abs(release.scores(made) - np.array(example["scores"], np.float32)).max()
        if not gap <= TOLERANCE:
            return f"example {number}: a score is {gap:.2g} away from training's"
    return None
