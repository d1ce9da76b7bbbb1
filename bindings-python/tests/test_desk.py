"""The desk: opened, asked, closed; instants, errors, threads."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import threading
from datetime import date, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow
import pytest
from conftest import NOW, TOWN

import grievance as gr
from grievance import words
from grievance.words import ErrorCode


def test_a_case_is_lodged_seen_found_and_disposed(desk: gr.Desk, citizen: gr.Actor, officer: gr.Actor) -> None:
    lodged = desk.by(citizen, NOW).lodge(narrative="The street light has been dark for a week.")
    assert lodged.number == "CITY-2026-000001"
    at_work = desk.by(officer, NOW + timedelta(hours=1))
    row = at_work.search(number=lodged.number).cases[0]
    assert (row.id, row.phase, row.received_at) == (lodged.case, "registered", NOW)
    assert "dispose" in {offer.action for offer in at_work.options(lodged.case) if offer.allowed}
    refused = next(offer for offer in at_work.options(lodged.case) if not offer.allowed)
    assert refused.because[0].code in {code.value for code in ErrorCode} and refused.because[0].sentence
    evidence = {"date": "2026-11-23", "reference": "EL/17"}
    at_work.dispose(lodged.case, remarks="Lamp replaced.", reason="benefit_provided", evidence=evidence)
    view = desk.by(citizen, NOW + timedelta(hours=2)).case(lodged.case)
    assert (view.row.phase, view.row.reason) == ("disposed", "benefit_provided")
    assert [event.kind for event in view.history][0] == "lodged"
    assert set(view.row.to_dict()) >= {"id", "unit", "due_at", "class"}
    assert view.row.to_dict()["class"] == view.row.class_ == "benefit"


def test_a_sweep_says_which_jobs_have_come_round_and_has_its_checkpoint_made(citizen: gr.Actor) -> None:
    desk = gr.Desk.open(":memory:", seed=7)
    jobs = [("weekly", "statement"), ("seal", "checkpoint")]
    lines = [f'{{ code = "{code}", kind = "{kind}", weekday = "tuesday", at = "10:00" }}' for code, kind in jobs]
    desk.activate(gr.Rulebook.from_toml(f"{TOWN}\nschedule = [{', '.join(lines)}]"), NOW)
    case = desk.by(citizen, NOW).lodge(narrative="No water.").case
    swept = desk.sweep(NOW + timedelta(days=2))
    weekly = next(job for job in swept.jobs if job.schedule == "weekly")
    assert weekly.kind == "statement" and NOW < weekly.due_at <= NOW + timedelta(days=2)
    assert (swept.failed, swept.checkpoint_failed, swept.more) == ([], None, False)
    assert swept.checkpoint is not None and isinstance(json.loads(swept.checkpoint), dict)
    assert desk.sweep(NOW + timedelta(days=2)).jobs == [], "once"
    ahead = desk.by(citizen, NOW + timedelta(days=2)).progress(case).ahead
    assert ahead and all(one.at.tzinfo is not None and one.what for one in ahead)


def test_a_tracking_code_opens_its_case_and_no_other(desk: gr.Desk, citizen: gr.Actor) -> None:
    lodged = desk.by(citizen, NOW).lodge(narrative="A secret.", anonymous=True)
    assert lodged.tracking_code is not None
    tracked = desk.track(f" {lodged.tracking_code.lower()} ", NOW)
    assert tracked is not None
    assert (tracked.case, tracked.progress.number) == (lodged.case, lodged.number)
    assert tracked.person is not None
    assert desk.by(gr.Actor(tracked.person, "complainant"), NOW).case(lodged.case).row.id == lodged.case
    assert desk.track("AAAA-AAAA-AAAA-AAAA", NOW) is None


def test_whoever_has_verified_a_mobile_sees_where_its_case_stands(desk: gr.Desk, citizen: gr.Actor) -> None:
    lodged = desk.by(citizen, NOW).lodge(narrative="No water.", mobile="98300 01234")
    other = desk.by(citizen, NOW).lodge(narrative="No light.", mobile="98300 09999")
    codes = desk.otp(gr.MacKeys("2026-11", bytes(32)))
    sent = codes.request_code("track", "98300 01234", request="form", at=NOW)
    assert (sent.mobile, sent.purpose) == ("+919830001234", "track") and sent.expires_at > NOW
    mobile = codes.verify_code(sent.challenge, "track", "98300 01234", request="form", code=sent.code, at=NOW)
    assert lodged.number is not None and other.number is not None
    progress = desk.track_by_mobile(mobile, lodged.number, NOW)
    assert progress is not None and progress.phase == "registered"
    assert desk.track_by_mobile(mobile, other.number, NOW) is None


def test_a_complainants_app_is_answered_in_text(desk: gr.Desk, citizen: gr.Actor) -> None:
    step = {"action": "lodge", "narrative": "The lamp at the ferry is dark."}
    question = {"ask": "step", "command": f"cmd_{5:032x}", "request": step, "v": 1}
    asked = desk.by(citizen, NOW)
    answer = asked.serve(json.dumps(question))
    assert '"number":"CITY-2026-000001"' in answer
    assert asked.serve(json.dumps(question)) == answer  # done once
    assert json.loads(asked.serve("what?"))["failed"]["code"] == "invalid_command"


def test_the_statement_is_a_page(desk: gr.Desk, citizen: gr.Actor, officer: gr.Actor) -> None:
    desk.by(citizen, NOW).lodge(narrative="No water.")
    page = desk.by(officer, NOW).mis_html(as_of=NOW.date() + timedelta(days=1), title="Haldia & ferries")
    assert page.startswith("<!DOCTYPE html>") and "Haldia &amp; ferries" in page


def test_records_show_no_words(desk: gr.Desk, citizen: gr.Actor) -> None:
    anonymous = desk.by(citizen, NOW).lodge(narrative="A secret.", anonymous=True)
    assert anonymous.tracking_code is not None
    assert anonymous.tracking_code not in repr(anonymous)
    sent = desk.otp(gr.MacKeys("k", bytes(32))).request_code("track", "9830001234", request="s", at=NOW)
    assert sent.code not in repr(sent)


@pytest.mark.parametrize(
    "same",
    [
        NOW,
        NOW.astimezone(ZoneInfo("Asia/Kolkata")),
        NOW.astimezone(timezone(timedelta(hours=-3, minutes=-30))),
    ],
)
def test_an_instant_may_come_in_any_zone(desk: gr.Desk, citizen: gr.Actor, same: datetime) -> None:
    done = desk.by(citizen, same).lodge(narrative="No water.")
    assert desk.facts(done.case)["lodged_at"] == "2026-11-23T04:30:00Z"


class Lies(datetime):
    """A datetime that answers with something else when it is asked for UTC."""

    def astimezone(self, tz: Any = None) -> Any:
        return "yesterday"


class Nowhere(tzinfo):
    """A zone that does not say how far it is from UTC, so that a datetime in it is naive all the same."""

    def utcoffset(self, dt: datetime | None) -> None:
        return None

    def dst(self, dt: datetime | None) -> None:
        return None

    def tzname(self, dt: datetime | None) -> None:
        return None


@pytest.mark.parametrize(
    "given",
    [NOW.replace(tzinfo=None), NOW.replace(tzinfo=Nowhere()), Lies(2026, 1, 1, tzinfo=timezone.utc)],
)
def test_what_is_no_instant_is_refused(desk: gr.Desk, citizen: gr.Actor, given: datetime) -> None:
    with pytest.raises(gr.AmendError) as refused:
        desk.by(citizen, given)
    assert (refused.value.code, refused.value.where) == ("date_invalid", "at")


@pytest.mark.parametrize("given", [None, 0, "2026-11-23T10:00:00Z", NOW.date()])
def test_what_is_not_even_a_datetime_is_a_type_error(desk: gr.Desk, citizen: gr.Actor, given: Any) -> None:
    with pytest.raises(TypeError) as refused:
        desk.by(citizen, given)
    assert isinstance(refused.value, gr.WrongTypeError)
    assert (refused.value.code, refused.value.where) == ("invalid_command", "at")


@pytest.mark.parametrize(
    ("name", "given", "kind"),
    [
        ("narrative", None, gr.WrongTypeError),
        ("narrative", "half \ud83d", gr.AmendError),
        ("category", 7, gr.WrongTypeError),
        ("anonymous", 1, gr.WrongTypeError),
        ("signatories", "Asha", gr.WrongTypeError),
        ("signatories", ["Asha", None], gr.WrongTypeError),
    ],
)
def test_a_wrong_argument_of_a_verb_is_named(
    desk: gr.Desk, citizen: gr.Actor, name: str, given: Any, kind: type[gr.AmendError]
) -> None:
    fields: dict[str, Any] = {"narrative": "No water.", name: given}
    with pytest.raises(kind) as refused:
        desk.by(citizen, NOW).lodge(**fields)
    assert (type(refused.value), refused.value.code, refused.value.where) == (kind, "invalid_command", name)


def test_a_number_of_a_verb_is_held_to_its_range(desk: gr.Desk, citizen: gr.Actor) -> None:
    case = desk.by(citizen, NOW).lodge(narrative="No water.").case
    for rating, kind in ((-1, gr.AmendError), (2**40, gr.AmendError), (True, gr.WrongTypeError), ("5", gr.WrongTypeError)):
        with pytest.raises(kind) as refused:
            desk.by(citizen, NOW).record_feedback(case, outcome="satisfied", rating=rating)  # type: ignore[arg-type]
        assert (type(refused.value), refused.value.where) == (kind, "rating")


def test_a_word_of_no_list_is_refused_and_its_enum_is_taken(desk: gr.Desk, citizen: gr.Actor, officer: gr.Actor) -> None:
    case = desk.by(citizen, NOW).lodge(narrative="No water.", reference_from=words.ReferenceFrom.MINISTER).case
    with pytest.raises(gr.AmendError) as refused:
        # A type checker says so before: it fails here where it does not.
        desk.by(officer, NOW).record_feedback(case, outcome="happy")  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.where) == ("invalid_command", "outcome")


def test_a_day_where_text_is_wanted_gets_a_hint(desk: gr.Desk, citizen: gr.Actor) -> None:
    with pytest.raises(gr.WrongTypeError) as refused:
        desk.by(citizen, NOW).lodge(narrative="No water.", received_at=NOW.date())  # type: ignore[arg-type]
    assert refused.value.where == "received_at"
    assert refused.value.hint is not None and "isoformat()" in refused.value.hint


def test_pandas_has_a_datetime_that_is_none() -> None:
    pandas = pytest.importorskip("pandas")
    desk = gr.Desk.open(":memory:")
    with pytest.raises(gr.AmendError, match="no time zone"):
        desk.sweep(pandas.NaT)


def test_a_refusal_says_code_remedy_place_and_survives_pickling(desk: gr.Desk, citizen: gr.Actor) -> None:
    with pytest.raises(gr.AmendError) as refused:
        desk.by(citizen, NOW).lodge(narrative="No water.", category="no_such_thing")
    problem = refused.value
    assert (problem.code, problem.remedy, problem.where) == ("unknown_code", "amend", "category")
    again = pickle.loads(pickle.dumps(problem))
    assert (type(again), again.code, again.where, str(again)) == (gr.AmendError, problem.code, "category", str(problem))


def test_a_sample_is_drawn_by_a_checkpoint_that_was_made_later(desk: gr.Desk, citizen: gr.Actor, officer: gr.Actor) -> None:
    assert desk.last_checkpoint() is None
    evidence = {"date": "2026-11-23", "reference": "EL/17"}
    for _ in range(30):
        case = desk.by(citizen, NOW).lodge(narrative="The lamp is dark.").case
        desk.by(officer, NOW).dispose(case, remarks="Lamp replaced.", reason="benefit_provided", evidence=evidence)
    later = NOW + timedelta(days=8)
    made = desk.checkpoint(later)
    kept = desk.last_checkpoint()
    assert kept is not None and kept.to_dict() == made.to_dict()
    assert (made.at, made.cases, made.events) == (later, 30, len(desk.stored_history(case).events) * 30)
    assert json.loads(made.text)["number"] == made.number
    assert made.hash == hashlib.sha256(b"grievance checkpoint v1\n" + made.text.encode()).hexdigest()
    measures = desk.by(gr.Actor(f"per_{3:032x}", "auditor"), later).measures
    week = {"since": date(2026, 11, 23), "until": date(2026, 11, 30)}
    drawn = measures.sample(**week, seed=made.hash)
    assert len(drawn) > 0
    assert measures.sample(**week, seed=made.hash).to_dict() == drawn.to_dict()
    assert measures.quality(**week, seed=made.hash, as_of=date(2026, 12, 1)).about
    assert desk.checkpoint(later + timedelta(days=1)).number > made.number


def test_a_receipt_is_held_to_what_is_stored(desk: gr.Desk, citizen: gr.Actor) -> None:
    done, other = (desk.by(citizen, NOW).lodge(narrative="No water.") for _ in range(2))
    assert done.number and done.receipt and other.receipt
    held = desk.check_receipt(done.number.lower(), f" {done.receipt.lower()} ", NOW)
    assert held is not None
    assert held.to_dict() == {"number": done.number, "recorded_at": NOW, "received_at": NOW}
    assert desk.check_receipt(done.number, other.receipt, NOW) is None
    assert desk.check_receipt("CITY-2026-999999", done.receipt, NOW) is None
    with pytest.raises(gr.AmendError) as slip:
        desk.check_receipt(done.number, done.receipt[:-1] + ("2" if done.receipt[-1] != "2" else "3"), NOW)
    assert slip.value.code == "receipt_invalid"


def test_a_stale_version_is_to_be_read_again(desk: gr.Desk, citizen: gr.Actor) -> None:
    case = desk.by(citizen, NOW).lodge(narrative="No water.").case
    with pytest.raises(gr.ReloadError) as stale:
        desk.by(citizen, NOW, expecting=7).comment(case, text="Still none.")
    assert stale.value.code == "conflict"


def test_a_refused_rulebook_lists_everything_that_was_found() -> None:
    with pytest.raises(gr.AmendError) as refused:
        gr.Rulebook.from_toml('extends = "city-311"\nzome = 5')
    assert (refused.value.where, refused.value.hint) == ("zome", 'did you mean "zone"?')
    assert refused.value.findings[0].severity == "error"
    assert all(finding.severity != "error" for finding in gr.Rulebook.preset("city-311").lint())


def test_a_rulebook_is_the_same_from_toml_json_and_dict() -> None:
    document = {"extends": "city-311", "name": "Haldia", "zone": "Asia/Kolkata"}
    books = [gr.Rulebook.from_toml(TOWN), gr.Rulebook.from_dict(document)]
    assert len({book.version for book in books}) == 1
    assert books[0].zone == "Asia/Kolkata"
    assert books[0].to_dict()["name"] == "Haldia"
    with pytest.raises(gr.AmendError) as unknown:
        gr.Rulebook.preset("city-312")
    assert "city-311" in (unknown.value.hint or "")


def test_what_json_cannot_say_of_a_dict_is_refused_at_its_place() -> None:
    itself: dict[str, Any] = {"name": "Haldia"}
    itself["calendar"] = {"holiday": [itself]}
    twice: list[Any] = []
    for _ in range(40):
        twice = [twice, twice]
    wrong: list[tuple[dict[Any, Any], str]] = [
        ({"unit": [{"code": "works"}, {"valid_from": date(2026, 1, 1)}]}, "unit[1].valid_from"),
        ({"calendar": {"hours": {"mon": {"10:00"}}}}, "calendar.hours.mon"),
        ({"numbering": {4: "HLD"}}, "numbering"),
        ({"numbering": {"year_starts": 2**64}}, "numbering.year_starts"),
        ({"numbering": {"year_starts": float("nan")}}, "numbering.year_starts"),
        ({"name": "\ud800"}, "name"),
    ]
    for document, place in wrong:
        with pytest.raises(gr.AmendError) as refused:
            gr.Rulebook.from_dict(document)
        assert (refused.value.code, refused.value.where) == ("rulebook_invalid", place)
        assert [finding.path for finding in refused.value.findings] == [place]
        with pytest.raises(gr.AmendError) as index:
            gr.disposal_index(pyarrow.table({"received_at": [NOW], "unit": ["works"]}), as_of=date(2026, 12, 1), zone="UTC", index=document)
        assert (index.value.code, index.value.where) == ("invalid_command", f"index.{place}")
    for endless in (itself, {"unit": twice}):
        with pytest.raises(gr.AmendError) as deep:
            gr.Rulebook.from_dict(endless)
        assert (deep.value.where or "").startswith(("calendar.holiday[0]", "unit[0]"))
        assert len(str(deep.value)) < 5_000
    tomllib = pytest.importorskip("tomllib")
    with pytest.raises(gr.AmendError, match="isoformat"):
        gr.Rulebook.from_dict(tomllib.loads(f"{TOWN}\n[[unit]]\ncode = 'works'\nvalid_from = 2026-01-01"))


def test_a_kept_desk_needs_keys_and_finds_its_cases_again(tmp_path: Path, citizen: gr.Actor) -> None:
    url = f"sqlite:///{tmp_path}/desk.sqlite"
    with pytest.raises(gr.AmendError) as refused:
        gr.Desk.open(url)
    assert refused.value.code == "key_missing"
    keys = gr.KeyRing("2026-11", bytes(range(32)))
    with gr.Desk.open(url, tenant="haldia", keys=keys) as first:
        first.activate(gr.Rulebook.from_toml(TOWN), NOW)
        case = first.by(citizen, NOW).lodge(narrative="No water.", name="Asha Devi").case
    with gr.Desk.open(url, tenant="haldia", keys=keys) as second:
        words = second.by(citizen, NOW).words(case, purpose="handling", fields=["narrative"])
        assert [word.words for word in words] == ["No water."]


def test_a_closed_desk_says_so_by_every_handle(desk: gr.Desk, citizen: gr.Actor) -> None:
    acting = desk.by(citizen, NOW)
    desk.close()
    desk.close()
    for asked in (acting.search, lambda: desk.sweep(NOW), lambda: acting.lodge(narrative="No water.")):
        with pytest.raises(gr.AmendError) as closed:
            asked()
        assert closed.value.code == "desk_closed"


@pytest.mark.parametrize("url", ["", "mysql://x", "sqlite://", "sqlite:///", "/tmp/x"])
def test_an_address_of_no_store_is_refused(url: str) -> None:
    with pytest.raises(gr.AmendError) as refused:
        gr.Desk.open(url)
    assert refused.value.where == "url"


def test_many_threads_lodge_on_one_desk_and_lose_nothing(desk: gr.Desk, citizen: gr.Actor) -> None:
    numbers: list[str | None] = []

    def lodge() -> None:
        for _ in range(25):
            numbers.append(desk.by(citizen, NOW).lodge(narrative="No water.").number)

    threads = [threading.Thread(target=lodge) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(numbers)) == 200


@pytest.mark.skipif("GRIEVANCE_PG" not in os.environ, reason="no PostgreSQL here")
def test_a_desk_on_postgresql_keeps_what_it_is_told() -> None:
    said = dict(part.split("=", 1) for part in os.environ["GRIEVANCE_PG"].split())
    place = f"postgresql://{said.get('user', 'postgres')}@/{said.get('dbname', 'postgres')}?" + "&".join(
        f"{key}={value}" for key, value in said.items() if key not in ("user", "dbname")
    )
    keys = gr.KeyRing("2026-11", bytes(range(32)))
    tenant = f"py{os.getpid()}"
    person = gr.Actor(f"per_{1:032x}", "complainant")
    with gr.Desk.open(place, tenant=tenant, keys=keys) as desk:
        desk.activate(gr.Rulebook.from_toml(TOWN), NOW)
        case = desk.by(person, NOW).lodge(narrative="No water.").case
    with gr.Desk.open(place, tenant=tenant, keys=keys) as desk:
        assert desk.by(person, NOW).case(case).row.phase == "registered"
        assert desk.stored_history(case).events
    with gr.Desk.open(place, tenant=f"{tenant}b", keys=keys) as other, pytest.raises(gr.AmendError) as refused:
        other.facts(case)
    assert refused.value.code == "not_found"
