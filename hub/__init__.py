"""The integration hub: one enterprise/contract model over registers, procurement notices and municipal systems."""

__version__ = "0.1.0"
