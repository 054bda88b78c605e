"""Deep-learning homework, graded with evidence."""

__version__ = "0.1.0"


def otter_check(env: dict[str, object], name: str) -> None:
    """What a test file of Otter's calls; nothing of a key stands in it.  Loaded only there."""
    from autograder.otter_bridge.kernel import check

    check(env, name)
