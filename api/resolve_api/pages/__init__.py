"""Pages for people: rendered here, working without scripts, live with them."""

from __future__ import annotations

from fastapi import APIRouter

from resolve_api.pages import (
    absence,
    account,
    account_mail,
    admin,
    admin_calendars,
    admin_departments,
    admin_keys,
    admin_people,
    admin_running,
    attachments,
    board,
    board_lists,
    board_place,
    case_acts,
    case_pictures,
    cases,
    complain,
    division,
    filing,
    first_start,
    forgot,
    handovers,
    home,
    how_to,
    inbox,
    last_touch,
    live,
    mail,
    map_editor,
    map_from_log,
    map_pictures,
    maps,
    monitoring,
    order_times,
    requests,
    review,
    search,
    sign_in,
    solution_acts,
    talk,
    tasks,
    time_pictures,
    timing,
    together,
    tracking,
    waits,
    wording,
)
from resolve_api.pages.showing import STATIC
from resolve_api.pages.static_files import Kept

_PARTS = (
    *(board_place, board_lists, monitoring, board, search),
    *(home, sign_in, first_start, account, live),
    *(cases, case_acts, solution_acts, case_pictures, talk, order_times, division),
    review,
    *(inbox, together, tasks, requests),  # several tasks before a single one
    *(map_from_log, map_editor, maps, map_pictures),  # drafts before maps of any id
    *(last_touch, handovers, timing, time_pictures, waits),
    *(admin, admin_people, admin_departments, admin_calendars),
    *(admin_keys, admin_running),
    *(absence, account_mail, mail, forgot),
    *(filing, complain, tracking, attachments, how_to),
    wording,
)


def add_pages(router: APIRouter) -> None:
    """Add every page and what pages are made with."""
    router.mount("/static", Kept(directory=STATIC), name="static")
    for part in _PARTS:
        router.include_router(part.router, include_in_schema=False)
