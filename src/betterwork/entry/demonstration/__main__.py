"""``python -m betterwork.entry.demonstration``: the step of ``betterwork demo`` that writes the export files."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.option("--size", required=True)
@click.option("--seed", type=int, required=True)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def write(size: str, seed: int, folder: Path) -> None:
    """Write SIMULATED assessment exports, one CSV per country, into FOLDER. The tool is that of BETTERWORK_HOME."""
    from betterwork.entry.command_line import database_make_ready, start_django

    start_django()
    database_make_ready()
    from betterwork.entry.demonstration.export import Written, exports_write
    from betterwork.entry.demonstration.plan import plan_for
    from betterwork.modules.countries.queries import countries
    from betterwork.modules.instruments.queries import catalogue

    def tell(file: Written) -> None:
        about = f"{file.factories:>6,} factories {file.assessments:>7,} assessments {file.rows:>10,} rows"
        click.echo(f"  {file.country.name:<11}{about}  {file.path.name}")

    by_code = {country.code: country for country in countries()}
    files = exports_write(plan_for(size, seed=seed), catalogue(), by_code, folder, told=tell)
    total = [sum(getattr(file, name) for file in files) for name in ("factories", "assessments", "rows")]
    click.echo("  {:<11}{:>6,} factories {:>7,} assessments {:>10,} rows".format("all", *total))


if __name__ == "__main__":
    from betterwork.core.errors import BetterWorkError

    try:
        write.main(prog_name="python -m betterwork.entry.demonstration")
    except BetterWorkError as error:
        click.echo(f"betterwork: {error}", err=True)
        sys.exit(1)
