"""One contender as a server process: `python -m bench.serve NAME URL PORT`."""

import sys
from importlib import import_module

import uvicorn

if __name__ == "__main__":
    name, url, port = sys.argv[1:]
    app = import_module(f"bench.{name}").asgi(url)
    uvicorn.run(app, host="127.0.0.1", port=int(port), loop="uvloop", http="httptools", access_log=False, log_level="warning")
