"""What click finds wrong with a command line, said in Vietnamese."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

import click

from portal.config import COMMAND
from portal.domain.errors import DomainError
from portal.domain.faults import refusal_for

_EXTRA = "Got unexpected extra argument"
# The end of click's sentence on a path → ours.
_PATHS = {
    "does not exist.": "không có tệp hay thư mục này.",
    "is a directory.": "đây là thư mục, trong khi lệnh cần một tệp.",
    "is a file.": "đây là tệp, trong khi lệnh cần một thư mục.",
}


class Refusal(click.ClickException):
    """A command that cannot do its work; exit code 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence on the error stream."""
        click.echo(f"Lỗi: {self.message}", file=file, err=True)


class WrongUse(click.UsageError):
    """A command line that means nothing; exit code 2."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence, and where the right use can be read."""
        words = self.ctx.command_path.partition(" ")[2] if self.ctx else ""
        how = " ".join(filter(None, (COMMAND, words, "--help")))
        click.echo(f"Lỗi: {self.message}", file=file, err=True)
        click.echo(f"Xem cách dùng: {how}", file=file, err=True)


class VietnameseGroup(click.Group):
    """A group whose errors, and those of its commands, are in Vietnamese."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read the words before the command."""
        with _in_vietnamese():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Read the command's own words and run it."""
        with _in_vietnamese():
            return super().invoke(ctx)


@contextmanager
def _in_vietnamese() -> Iterator[None]:
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as error:
        raise WrongUse(sentence(error), ctx=error.ctx) from error
    except click.ClickException as error:
        raise Refusal(error.message) from error
    except DomainError as error:
        raise Refusal(error.text) from error
    except Exception as error:
        refusal = refusal_for(error)
        if refusal is None:
            raise
        raise Refusal(refusal.text) from error


def sentence(error: click.UsageError) -> str:
    """Say what is wrong; sentences of our own are kept as they are."""
    match error:
        case click.MissingParameter():
            return f"Thiếu {_name_of(error.param)}.{_choices(error.param)}"
        case click.BadParameter():
            name = _name_of(error.param)
            return f"{name[0].upper()}{name[1:]}: {_wanted(error)}"
        case click.NoSuchOption():
            near = _alternatives(error.possibilities or ())
            return f"Không có tuỳ chọn {error.option_name}.{near}"
        case click.BadOptionUsage():
            takes = "requires" in error.message
            what = "cần có giá trị theo sau" if takes else "không nhận giá trị"
            return f"Tuỳ chọn {error.option_name} {what}."
        case click.exceptions.NoSuchCommand():
            near = _alternatives(error.possibilities or ())
            return f"Không có lệnh “{error.command_name}”.{near}"
    if error.message.startswith(_EXTRA):
        return f"Thừa từ trong lệnh: {error.message.partition('(')[2].rstrip(').')}."
    return error.message


def _name_of(param: click.Parameter | None) -> str:
    if isinstance(param, click.Option):
        return f"tuỳ chọn {max(param.opts, key=len)}"
    return f"tham số {(param.name or '').upper()}" if param else "tham số"


def _wanted(error: click.BadParameter) -> str:
    """Say what a value must be, by the kind of its parameter."""
    kind = error.param.type if error.param else None
    match kind:
        case click.Choice():
            return f"giá trị không đúng.{_choices(error.param)}"
        case click.IntRange():
            return f"cần một số nguyên từ {kind.min} đến {kind.max}."
        case click.Path():
            ends = (ours for end, ours in _PATHS.items() if error.message.endswith(end))
            said = next(ends, "không đọc được tệp hay thư mục này.")
            named = re.search("'(.+)'", error.message)
            return f"“{named[1]}” – {said}" if named else said
    if kind is click.INT:
        return "cần một số nguyên."
    return error.message


def _choices(param: click.Parameter | None) -> str:
    if param is None or not isinstance(param.type, click.Choice):
        return ""
    return f" Chọn một trong: {', '.join(map(str, param.type.choices))}."


def _alternatives(names: Sequence[str]) -> str:
    return f" Có phải bạn muốn: {', '.join(names)}?" if names else ""
