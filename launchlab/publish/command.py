"""The command line, ``python -m launchlab.publish COMMAND``; ``--help`` lists the commands."""

from __future__ import annotations

import argparse
from pathlib import Path

from launchlab.publish import archive, build, chapter, colab, pages, serve, watch


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m launchlab.publish", description="Build the book, serve it, watch it."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    about = {
        "build": "build the book",
        "serve": "serve the book that was built",
        "watch": "build the book, serve it, and bring saved changes to the screen",
        "chapter": "build one page, and check it",
        "collapse": "collapse in JupyterLab what a chapter's page folds away",
        "plain": "make plain Markdown of the roles in a notebook, and bring its numbers up to date",
        "zip": "pack the book that was built into one file",
        "colab": "make the chapters as Colab opens them",
    }
    for name, text in about.items():
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("--root", type=Path, default=Path.cwd(), help="the book's folder")
        if name in ("build", "serve"):
            command.add_argument("--quiet", action="store_true", help="without Sphinx's progress")
        if name in ("serve", "watch"):
            command.add_argument("--port", default="8000")
        if name == "serve":
            command.add_argument("--build", action="store_true", help="build the book first")
        if name == "chapter":
            command.add_argument("name", help="such as objectives/one-score")
            command.add_argument("--only-page", action="store_true", help="leave the checks away")
        if name in ("collapse", "plain"):
            command.add_argument("notebooks", type=Path, nargs="+", help="their paths")
    return parser


def run(asked: argparse.Namespace) -> int:
    """Do what was asked for on the command line."""
    if asked.command == "collapse":
        # Forms know labs, and with them Altair: a second, for every other command.
        from launchlab.publish import collapse

        for path in asked.notebooks:
            print(f"{path}: {collapse.collapse(path)} cells changed")
        return 0
    root = asked.root.resolve()
    pages.check_root(root)
    if asked.command == "plain":
        # The same, and more.
        from launchlab.publish import plain

        for path in asked.notebooks:
            print(f"{path}: {plain.write(root, path.resolve())} cells changed")
        return 0
    if asked.command == "build":
        return build.build(root, quiet=asked.quiet)
    if asked.command == "zip":
        packed = archive.pack(root)
        print(f"The book is packed ({packed.stat().st_size / 1e6:.1f} MB): {packed}")
        return 0
    if asked.command == "colab":
        made = colab.make(root)
        print(f"{len(made)} chapters for Colab: {root / colab.FOLDER}")
        return 0
    if asked.command == "chapter":
        name = chapter.find(root, asked.name)
        code = chapter.build(root, name)
        return code or (0 if asked.only_page else chapter.check(root, name))
    port = serve.read_port(asked.port)
    serve.check_port(port)
    if asked.command == "watch":
        return watch.watch(root, port)
    code = build.build(root, quiet=asked.quiet) if asked.build else 0
    return code or serve.serve(root, port)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line.

    Returns
    -------
    int
        Exit code: 130 after Ctrl-C, as shells have it.
    """
    asked = _parser().parse_args(arguments)
    try:
        return run(asked)
    except pages.UsageError as error:
        print(error)
        return 1
    except KeyboardInterrupt:
        print("\nStopped: nothing is lost, the next run takes up what is done.")
        return 130
