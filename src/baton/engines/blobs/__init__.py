"""Blobs: files by name: recordings, attachments, exports, taught heads."""

from baton.engines.blobs.folder import FolderBlobs
from baton.engines.blobs.sealed import SealedBlobs

__all__ = ["FolderBlobs", "SealedBlobs"]
