"""How a turn of a sync is called over HTTP."""

MEDIA_TYPE = "application/x-pyvcs-sync"
