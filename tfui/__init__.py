"""tfui: the job scheduler you can see. Every planned run is accounted for."""

__version__ = "0.1.0"
