"""Aims: what queues promise, with how many conversations reps have at once and how much of paid time is away, as both were seen."""

from baton.capabilities.routing.events import Routing
from baton.capabilities.workforce.adherence.reading import planned_away
from baton.capabilities.workforce.reading.together import together
from baton.capabilities.workforce.screen.shown import DAY_MS, MIX_DAYS, aim_of
from baton.capabilities.workforce.staffing.needed import Aim
from baton.capabilities.workforce.weeks.who import today
from baton.web.app import App


async def aim_now(app: App) -> Aim:
    """The strictest promise of all queues. Handle times were measured with several at once, so being slower is in them already."""
    strict, now_ms = aim_of(app.policy(Routing).queues, ""), app.clock.now_ms()
    seen = await together(app.store, now_ms - MIX_DAYS * DAY_MS, now_ms)
    away = await planned_away(app, today(app))
    return Aim(strict.share, strict.within_s, at_once=round(seen.at_once, 2), away=round(away.planned, 3))
