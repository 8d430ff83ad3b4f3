"""The questions of a plan: which are open, who waits for their answers, what they may cost. Pure.

What does not live here: which question comes next (``plan``), the figures of what may be spent (``budget``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobmarket.sources.france_travail.plan.budget import answers_for_a_page, questions_for

if TYPE_CHECKING:
    from jobmarket.sources.france_travail.client.answer import Answer, Cap
    from jobmarket.sources.france_travail.client.request import Request
    from jobmarket.sources.france_travail.plan.desk import Reply
    from jobmarket.sources.france_travail.plan.partition import Window


class Questions:
    """Keeps what was asked, until it is answered, and counts it.

    :param cap: what one query gives.
    """

    def __init__(self, cap: Cap) -> None:
        self.asked = 0
        """Questions put so far, but for those whose answers had landed."""
        self._cap = cap
        self._announced: dict[str, int] = {}  # by query of a window that is asked for first
        self._unsent: list[Request] = []
        self._waiting: dict[Request, list[tuple[Window | None, Reply]]] = {}

    @property
    def are_open(self) -> bool:
        """Some question waits for its answer."""
        return bool(self._waiting)

    @property
    def announced(self) -> int:
        """Offers that the windows asked for first were announced to hold, together."""
        return sum(self._announced.values())

    @property
    def budget(self) -> int:
        """Questions that may be put, from what was announced."""
        return questions_for(self._pages)

    @property
    def is_budget_spent(self) -> bool:
        """More was asked than that."""
        return self.asked > self.budget

    def patience(self, *, replicas_hide: bool) -> float:
        """Return how many answers a page may cost once replicas disagree.

        :param replicas_hide: a replica that announced less held what a larger one hid.
        """
        return answers_for_a_page(self._pages, replicas_hide=replicas_hide)

    @property
    def _pages(self) -> int:
        return self.announced // self._cap.page_size

    def expect(self, window: Window) -> None:
        """Let what this window is announced to hold count for the budget."""
        self._announced.setdefault(window.query, 0)

    def put(self, request: Request, window: Window | None, reply: Reply) -> None:
        """Put a question; ``reply(answer, is_fresh)`` is to be called with its answer.

        :param window: what its dates ask for; ``None`` if it has none.
        """
        self._waiting.setdefault(request, []).append((window, reply))
        self._unsent.append(request)
        self.asked += 1

    def close(
        self, request: Request, answer: Answer, *, is_fresh: bool
    ) -> tuple[Window | None, Reply]:
        """Take the answer to a question; return what its dates asked for, and who waits for it.

        :param is_fresh: asked by this attempt, not landed by an earlier one.
        """
        waiting = self._waiting[request]
        window, reply = waiting.pop()
        if not waiting:
            del self._waiting[request]
        self.asked -= not is_fresh  # it cost nothing
        if window and window.query in self._announced:
            known = self._announced[window.query]
            self._announced[window.query] = max(known, answer.announced or 0)
        return window, reply

    def send(self) -> list[Request]:
        """Return the questions that were put since the last call."""
        unsent, self._unsent = self._unsent, []
        return unsent
