"""Several people at the same moment, each in a thread and a connection of their own."""

from threading import Barrier, Thread

from django.db import connection, connections

LONG = 60  # seconds nobody should wait


def at_once(*acts, connected=True):
    """Run the acts, all released together; returns in their order what each gave, or the exception it raised.

    `connected`: each holds its connection before; not, for more acts than the pool has connections.
    """
    barrier, results = Barrier(len(acts)), [None] * len(acts)

    def run(rank, act):
        try:
            if connected:
                connection.ensure_connection()
            barrier.wait(LONG)
            results[rank] = act()
        except Exception as raised:  # noqa: BLE001  handed to the test, which says which one it expects
            results[rank] = raised
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    assert not any(thread.is_alive() for thread in threads)
    return results


def raised_at_once(*acts):
    """The same; returns what each raised, None for the acts that went through."""
    return [result if isinstance(result, Exception) else None for result in at_once(*acts)]
