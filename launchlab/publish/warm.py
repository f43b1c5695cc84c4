"""Kernels that begin where their imports are done: forks of a process that has done them.

A notebook of the book imports for two to three seconds what all others import too. Where the build
(and nbval) runs dozens of them, jupyter_client starts each with the provisioner below, which is
found by its entry point: the standard library's fork server imports the libraries once, and each
kernel is a fork of it. That process has never seen a notebook, nor a module of this package but
this one, so that a kernel knows no more than one that was started afresh. On Linux only; elsewhere,
for few notebooks, and for another command than ipykernel's, a kernel starts as ever.
"""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import entry_points
from multiprocessing import reduction
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

NAME = "launchlab-warm"
# Read by jupyter_client.
VARIABLE = "JUPYTER_DEFAULT_PROVISIONER_NAME"
# What most notebooks import, and what a kernel itself does.
LIBRARIES = (
    "altair",
    "anywidget",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "ipywidgets",
    "matplotlib_inline",
    "myst_nb",
    "pandas",
    "scipy.stats",
    "sklearn.ensemble",
    "sklearn.linear_model",
    "sklearn.metrics",
    "sklearn.model_selection",
    "vl_convert",
)
# The imports of the fork servers cost as much as those of a few kernels.
FEWEST = 8
_LAUNCHER = "ipykernel_launcher"
# In the fork server, which imports this module first: where a kernel looks for modules.
_PATH = tuple(path for path in sys.path if path)
_START_SECONDS = 120


def environment(notebooks: int) -> dict[str, str]:
    """What lets jupyter_client start kernels in this way, where it can and where it pays.

    Parameters
    ----------
    notebooks : int
        How many are to be run.
    """
    known = entry_points(group="jupyter_client.kernel_provisioners", name=NAME)
    pays = notebooks >= FEWEST and sys.platform == "linux"
    return {VARIABLE: NAME} if pays and known else {}


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel as a fork of a process that has imported `LIBRARIES`."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start a kernel.

        Parameters
        ----------
        cmd : list of str
            From the kernel's specification.
        **kwargs
            ``env``, ``cwd``, ``stdout`` and ``stderr`` as for `subprocess.Popen`.
        """
        if _LAUNCHER not in cmd:
            return await super().launch_kernel(cmd, **kwargs)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload([__name__, *LIBRARIES])
        streams = {
            number: reduction.DupFd(kwargs[name].fileno())
            for number, name in ((1, "stdout"), (2, "stderr"))
            if kwargs.get(name) is not None
        }
        begun, begins = context.Pipe(duplex=False)
        process = context.Process(
            target=_begin,
            args=(
                begins,
                cmd[cmd.index(_LAUNCHER) :],
                dict(kwargs.get("env") or os.environ),
                str(kwargs.get("cwd") or Path.cwd()),
                streams,
            ),
            # Ended with this process, in which nobody waits for it.
            daemon=True,
        )
        process.start()
        begins.close()
        # Only then has it a process group of its own, to which signals can be sent.
        if not begun.poll(_START_SECONDS):
            process.kill()
            raise RuntimeError(f"kernel: expected its process to begin within {_START_SECONDS} s")
        begun.close()
        self.process = _Started(process)  # type: ignore[assignment]
        self.pid = self.pgid = process.pid
        self.cwd = kwargs.get("cwd", Path.cwd())
        return self.connection_info


def _begin(
    begins: Any,
    argv: list[str],
    environment: Mapping[str, str],
    cwd: str,
    streams: Mapping[int, Any],
) -> None:
    """Become the kernel: all that a new process would have been given."""
    os.setsid()
    begins.close()
    for number, stream in streams.items():
        os.dup2(stream.detach(), number)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    sys.argv = argv
    sys.path[:] = _PATH
    # What a notebook runs may have processes of its own, which one that ends with another may not.
    multiprocessing.current_process().daemon = False
    import pandas
    from ipykernel.kernelapp import launch_new_instance

    # At its import pandas asked whether it writes for a terminal; what it takes a kernel for:
    pandas.set_option("display.max_columns", 20)
    threading.Thread(target=_follow, daemon=True).start()
    # A kernel that knows no parent explains on the terminal how to end it.
    launch_new_instance(argv=[*argv[1:], f"--IPKernelApp.parent_handle={os.getppid()}"])


def _follow() -> None:
    """End where the process that asked for this kernel has ended, as its child would.

    A kernel looks after its parent. That is the fork server, which stays while it has children.
    """
    starter = multiprocessing.parent_process()
    if starter is not None:
        starter.join()
        os._exit(1)


class _Started:
    """A process of the fork server, as `LocalProvisioner` asks a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, process: Any) -> None:
        self._process = process
        self.pid: int = process.pid

    def poll(self) -> int | None:
        """Exit code, or None while it runs."""
        code: int | None = self._process.exitcode
        return code

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""
        self._process.join(timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired(_LAUNCHER, timeout or 0.0)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal, which one that has ended does not hear."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """End it."""
        self._process.terminate()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
