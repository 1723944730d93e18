"""A parser of command lines that says in Vietnamese what is wrong with one."""

import argparse
import re
from typing import NoReturn

# argparse's sentences → ours; what fits none is told as it stands.
_SENTENCES = (
    (
        r"argument (.+): invalid choice: '?(.*?)'? \(choose from (.+)\)",
        r"\1 không nhận “\2”. Chọn một trong: \3.",
    ),
    (
        r"argument (.+): invalid int value: '(.*)'",
        r"\1 cần một số nguyên, không phải “\2”.",
    ),
    (
        r"argument (.+): expected (?:one|at least one|\d+) arguments?",
        r"\1 cần có giá trị theo sau.",
    ),
    (r"argument (.+): ignored explicit argument .*", r"\1 không nhận giá trị."),
    (r"argument (.+): not allowed with argument (.+)", r"\1 không đi cùng \2."),
    (r"argument (.+?): (.+)", r"\1: \2."),
    (r"the following arguments are required: (.+)", r"Thiếu \1."),
    (r"unrecognized arguments: (.+)", r"Không có tuỳ chọn hay tham số: \1."),
    (r"ambiguous option: (.+) could match (.+)", r"\1 có thể là: \2. Hãy viết đủ."),
)


class CommandLine(argparse.ArgumentParser):
    """A parser whose refusals are in Vietnamese; its commands' parsers alike."""

    def error(self, message: str) -> NoReturn:
        """Print the sentence and how to read the right use; exit with 2."""
        self.exit(2, f"Lỗi: {sentence(message)}\nXem cách dùng: {self.prog} --help\n")


def sentence(message: str) -> str:
    """Give the Vietnamese sentence for one of argparse's."""
    for pattern, ours in _SENTENCES:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return found.expand(ours)
    return message
