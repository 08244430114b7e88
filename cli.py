"""The command line: thin verbs that wire inputs, model and reports, and print."""

import click

from . import __version__


@click.group()
@click.version_option(__version__)
def main() -> None:
    """Plan a city's compute capacity: what to build, where and when, at least cost."""
