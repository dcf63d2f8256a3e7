"""The commands of the shell, one module for each noun; importing this package declares them all.

Each module of this folder is imported, but for those whose names begin with an underscore.
"""

import os
from importlib import import_module

for _file in sorted(os.listdir(os.path.dirname(__file__))):
    if _file.endswith(".py") and not _file.startswith("_"):
        import_module(f"{__name__}.{_file.removesuffix('.py')}")
