"""A loopback stand-in for the W&B backend, strict where the real one may be.

    with StandIn() as server:
        ... run a client with WANDB_BASE_URL=server.url ...
        run = server.run("abcd1234")
        assert run.exit_code == 0 and server.violations == []
"""

from .listener import StandIn

__all__ = ["StandIn"]
