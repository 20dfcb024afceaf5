"""Serves the engine `pytorch` on formbench's protocol, when Python runs this folder.

Arguments: a folder with `model.onnx` and the images (it is deleted once read), the job as JSON, the
engine's identity as JSON, the descriptor that replies go to. Requests come on stdin, one JSON value
per line; the first reply answers the job itself.
"""

import os
import sys

from formbench_pytorch.start import main

if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # Tearing torch down would take half a second of each process.
    os._exit(status)
