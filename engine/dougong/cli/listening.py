"""Whether a server may listen where it was told to, asked before anything else is done."""

import errno
import socket

from dougong.cli.speech import Mistake


def free(host: str, port: int) -> None:
    """`Mistake` when the port is taken or may not be used, or the host is none of this machine's; port 0 takes any that is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise _mistake(error, host, port) from None


def _mistake(error: OSError, host: str, port: int) -> Mistake:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else 8000
        return Mistake(f"端口 {port} 已被占用；可以换一个：--port {other}", f"Port {port} is taken; try another one: --port {other}")
    if error.errno == errno.EACCES:
        return Mistake(f"没有使用端口 {port} 的权限；请用 1024 以上的端口", f"Port {port} needs rights you do not have; use one above 1024")
    return Mistake(f"不能在 {host} 上监听；请检查 --host", f"It cannot listen on {host}; look at --host")
