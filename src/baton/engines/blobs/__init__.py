"""Blobs: files by name: recordings, attachments, exports."""

from baton.engines.blobs.folder import FolderBlobs

__all__ = ["FolderBlobs"]
