"""A process that talks, seals and signs until it is killed. Run as `python -m tests.engines.audit_process FOLDER BEGIN`."""

import asyncio
import sys
from pathlib import Path

from tests.engines.audited import audited
from tests.ports.logs import Place


async def main(folder: Path, begin: int) -> None:
    """Say a line after each head."""
    async with audited(Place(str(folder / "log.db"), folder)) as log:
        for n in range(begin, begin + 10_000, 7):
            await log.talk(7, n)
            await log.head()
            sys.stdout.write(f"{await log.sealer.tree.size()}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
