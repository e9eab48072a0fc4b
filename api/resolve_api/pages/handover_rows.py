"""Hand-overs with their standards, as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from sqlmodel import Session

from resolve.analytics.handover_shapes import Known, between_departments, known_of
from resolve.chain.model import Handover, ValueChain
from resolve.departments.models import DepartmentRecord
from resolve.handovers import queries
from resolve.handovers.models import HandoverStandard, StandardStatus
from resolve.kit.language import Language
from resolve_api.pages.case_words import title_of
from resolve_api.pages.visits import Visit

Name = tuple[str, str, str]  # map, from, to


@dataclass(frozen=True, slots=True)
class Passed:
    """A hand-over between two departments, as its page and the list show it.

    `former` was agreed by departments that the map has no longer there.
    """

    map_id: str
    map_title: str
    source: str
    target: str
    source_title: str
    target_title: str
    giver: str
    receiver: str
    giver_title: str
    receiver_title: str
    what: str
    within: timedelta | None
    agreed: HandoverStandard | None = None
    former: HandoverStandard | None = None
    proposed: HandoverStandard | None = None

    @property
    def path(self) -> str:
        return path_of((self.map_id, self.source, self.target))


def of_map(
    session: Session,
    visit: Visit,
    chain: ValueChain,
    register: Mapping[str, DepartmentRecord],
) -> list[Passed]:
    """Give the hand-overs of a map between departments, in the order of the chain."""
    known = known_of(chain, queries.alive(session))
    edges = between_departments(chain)
    return [passed(visit, chain, edge, register, known) for edge in edges]


def passed(
    visit: Visit,
    chain: ValueChain,
    edge: Handover,
    register: Mapping[str, DepartmentRecord],
    known: Known,
) -> Passed:
    """Give a hand-over as it is shown, with what is agreed and proposed of it."""
    it = visit.language
    ends = (edge.source, edge.target)
    source, target = (chain.steps[step] for step in ends)
    return Passed(
        map_id=chain.id,
        map_title=chain.title.in_(it.code),
        source=edge.source,
        target=edge.target,
        source_title=source.title.in_(it.code),
        target_title=target.title.in_(it.code),
        giver=source.department,
        receiver=target.department,
        giver_title=title_of(source.department, register, it),
        receiver_title=title_of(target.department, register, it),
        what=", ".join(text for one in edge.what if (text := one.in_(it.code))),
        within=edge.within,
        agreed=known.get((*ends, StandardStatus.AGREED, True)),
        former=known.get((*ends, StandardStatus.AGREED, False)),
        proposed=known.get((*ends, StandardStatus.PROPOSED, True)),
    )


def sides_of(
    of: HandoverStandard | None,
    register: Mapping[str, DepartmentRecord],
    it: Language,
) -> tuple[str, str]:
    """Give the names of the two departments that agreed on a version."""
    if of is None:
        return "", ""
    return title_of(of.giver, register, it), title_of(of.receiver, register, it)


def path_of(name: Name) -> str:
    return "/handovers/" + "/".join(quote(one, safe="") for one in name)
