"""The command `betterwork tool`."""

from __future__ import annotations

from pathlib import Path

import click

from betterwork.foundation.doors.commands import actor_of_command, command_door
from betterwork.foundation.doors.policy import EVERYBODY_MAY
from betterwork.modules.instruments.policy import TOOL_SEAL


@click.group()
def tool() -> None:
    """What is asked: versions of the assessment tool, sealed once they are in."""


@command_door(EVERYBODY_MAY)
@tool.command("list")
def tool_list() -> None:
    """Show the sealed versions with their digests."""
    from betterwork.modules.instruments.queries import tool_version, tool_versions

    for row in tool_versions():
        version, _ = tool_version(row.tool, row.version)
        click.echo(
            f"{row.tool} {row.version}  in force from {row.in_force_from}  "
            f"{len(version.compliance_codes)} compliance questions, "
            f"{len(version.questions) - len(version.compliance_codes)} facts  "
            f"{row.document.digest[:16]}  {row.approval}"
        )


@command_door(TOOL_SEAL)
@tool.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--tool", "tool_name", help="Name of the tool (CSV only).")
@click.option("--version", "version_name", help="Name of the version (CSV only).")
@click.option("--in-force-from", metavar="YYYY-MM-DD", help="First day the version holds (CSV only).")
@click.option("--approval", default="", help="Who approved it and where that is recorded (CSV only).")
@click.option("--named", "named", multiple=True, metavar="COUNTRY=NAME",
              help="What a country's exports call the version (TQ.Name); may be given several times.")  # fmt: skip
def tool_import(
    file: Path,
    tool_name: str | None,
    version_name: str | None,
    in_force_from: str | None,
    approval: str,
    named: tuple[str, ...],
) -> None:
    """Seal a version from FILE: the JSON, workbook or YAML that `tool export` writes, or its CSV.

    The same content again changes nothing; other content under a sealed name is refused.

    \b
    Examples:
      betterwork tool import garment-2014.json
      betterwork tool import new.csv --tool garment --version 2019 --in-force-from 2019-01-01 \\
          --named "Viet Nam=Garment CAT V3"
    """
    from django.utils import timezone

    from betterwork.modules.countries.queries import country_required
    from betterwork.modules.instruments.exchange import version_read
    from betterwork.modules.instruments.services import tool_version_take

    version, lineage = version_read(
        file, tool=tool_name, version=version_name, in_force_from=in_force_from, approval=approval
    )
    names = {}
    for pair in named:
        country, equals, name = pair.partition("=")
        if not equals or not name.strip():
            raise click.BadParameter(f"{pair!r}: write COUNTRY=NAME", param_hint="--named")
        names[country_required(country).code, name.strip()] = version.version
    row, new = tool_version_take(
        actor=actor_of_command().id, version=version, lineage=lineage, names=names, at=timezone.now()
    )
    state = "sealed" if new else "unchanged: sealed before with the same content"
    click.echo(f"{row.tool} {row.version}: {state}, digest {row.document.digest}")


@command_door(EVERYBODY_MAY)
@tool.command("export")
@click.argument("version")
@click.option("--tool", "tool_name", default="garment", show_default=True)
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "csv", "xlsx", "yaml", "xlsform"]),
    default="json",
    show_default=True,
    help="xlsx: a workbook to edit; xlsform: a form for field programs.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File; standard output without.")
def tool_export(version: str, tool_name: str, form: str, output: Path | None) -> None:
    """Write a sealed VERSION: its canonical JSON (with lineage), a CSV, a workbook, YAML, or an XLSForm.

    \b
    Examples:
      betterwork tool export 2014 -o garment-2014.json
      betterwork tool export 2009 --format csv -o garment-2009.csv
    """
    from betterwork.modules.instruments.exchange import version_write
    from betterwork.modules.instruments.queries import tool_version

    found, lineage = tool_version(tool_name, version)
    data = version_write(found, lineage, form)
    if output is None:
        click.echo(data, nl=False)
    else:
        output.write_bytes(data)
        click.echo(f"{output}: {len(found.questions)} questions", err=True)


@command_door(EVERYBODY_MAY)
@tool.command("diff")
@click.argument("older")
@click.argument("newer")
@click.option("--tool", "tool_name", default="garment", show_default=True)
@click.option("--all", "with_same", is_flag=True, help="Also list the questions that are the same.")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True)
def tool_diff(older: str, newer: str, tool_name: str, with_same: bool, form: str) -> None:
    """Show what became of each question between two versions: same, reworded, split, merged, moved, added, withdrawn.

    \b
    Examples:
      betterwork tool diff 2009 2014
      betterwork tool diff 2009 2014 --all --format csv > differences.csv
    """
    from betterwork.modules.instruments.difference import difference
    from betterwork.modules.instruments.exchange import difference_write
    from betterwork.modules.instruments.queries import tool_version, tool_versions, version_of_row

    before, after = tool_version(tool_name, older)[0], tool_version(tool_name, newer)[0]
    read = [version_of_row(row) for row in tool_versions(tool_name)]
    lineage = [link for _version, links in read for link in links]
    changes = difference(before, after, [version for version, _links in read], lineage, with_same=with_same)
    click.echo(difference_write(changes, form), nl=False)


from betterwork.modules.instruments.commands import drafts as drafts  # noqa: E402  # its commands join the group above
from betterwork.modules.instruments.commands import exchange as exchange  # noqa: E402
