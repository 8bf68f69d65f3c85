"""Makes the fixture modules of the tests importable. These tests run in the image: they need torch and transformers."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
