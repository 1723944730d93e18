"""A refusal of the rules, shown beside the field that it speaks of."""

from collections.abc import Iterator
from contextlib import contextmanager

from wtforms import Form

from portal.domain.errors import Invalid


@contextmanager
def shown_on(form: Form) -> Iterator[None]:
    """Put an Invalid raised inside onto the form instead of onto an error page.

    A Problem whose ``where`` is a field's name goes there, any other on top of the
    form, with its ``where`` before it. What follows the ``with`` then draws the form
    again.
    """
    try:
        yield
    except Invalid as error:
        for problem in error.problems:
            if problem.where in form:
                field = form[problem.where]
                sentence = f"{problem.text} {problem.fix}".strip()
                field.errors = [*field.errors, sentence]
            else:
                form.form_errors.append(str(problem))
        if not error.problems:
            form.form_errors.append(error.text)
