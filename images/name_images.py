"""Names the images of an OCI layout for containerd, which reads another annotation than the one that skopeo writes.

usage: name_images.py LAYOUT/index.json
"""

import json
import sys
from pathlib import Path


def main() -> None:
    path = Path(sys.argv[1])
    index = json.loads(path.read_text(encoding="utf-8"))
    for manifest in index["manifests"]:
        names = manifest["annotations"]
        names["io.containerd.image.name"] = names["org.opencontainers.image.ref.name"]
    path.write_text(json.dumps(index), encoding="utf-8")


if __name__ == "__main__":
    main()
