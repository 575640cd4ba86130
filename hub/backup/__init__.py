"""Backups: what the hub holds, in a folder that either database can be filled from (ADR 0017).

``take`` writes one while runs go on, ``inspect`` looks whether it is whole, ``restore`` puts it back.
"""

from hub.backup.inspection import BackupBroken, inspect, inspect_deeply
from hub.backup.manifest import Manifest
from hub.backup.restoration import Restored, refuse_unfit, restore
from hub.backup.table import Progress
from hub.backup.taking import take

__all__ = [
    "BackupBroken",
    "Manifest",
    "Progress",
    "Restored",
    "inspect",
    "inspect_deeply",
    "refuse_unfit",
    "restore",
    "take",
]
