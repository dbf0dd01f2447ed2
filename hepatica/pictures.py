"""Pictures come with the site: one from another server would tell it who reads the page, and be missing without a network."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)


class RefuseRemotePictures(SphinxTransform):
    """Refuse a picture with an address elsewhere, before a builder would fetch it."""

    default_priority = 450

    def apply(self, **kwargs: object) -> None:
        for image in list(self.document.findall(nodes.image)):
            if "://" in image["uri"] or image["uri"].startswith("//"):
                message = f"the picture '{image['uri']}' is on another server; put it in docs/pictures, if its licence allows"
                logger.warning(message, location=image, type="hepatica", subtype="picture")
                image.parent.remove(image)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Add the transform."""
    app.add_transform(RefuseRemotePictures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
