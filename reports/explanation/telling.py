"""Telling an explanation about a case."""

from __future__ import annotations

from ...model.explaining import ConflictFacts, Fact, WayOut
from .statements import Statements
from .ways import Ways


class Teller(Statements, Ways):
    """Tells the statements of an explanation about a case."""

    def heading(self, conflict: ConflictFacts) -> str:
        """What the demands of a conflict have to do with each other."""
        if len(conflict.demands) == 1:
            return self.t("explanation.alone")
        return self.t(
            f"explanation.conflict{'_whole' if conflict.whole else ''}{'' if conflict.smallest else '_large'}"
        )

    def way(self, way: WayOut) -> str:
        """A way out as one sentence without a stop."""
        parts = [self.sentence(part) for part in way.parts]
        if len(parts) == 1:
            return parts[0]
        return self.t(
            "explanation.together",
            parts=self.t("explanation.parts_comma").join(parts[:-1]),
            last=parts[-1],
        )

    def sentence(self, fact: Fact) -> str:
        """One statement."""
        told: str = getattr(self, f"_{fact.topic}")(fact.values)
        return told
