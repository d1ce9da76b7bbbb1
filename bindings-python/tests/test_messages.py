"""Messages to a gateway of Python's: nothing is lost, whatever it does, and nobody's words are in an error."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from conftest import NOW

import grievance as gr
from grievance import words

TOWN = """
extends = "city-311"
name = "Haldia"
zone = "Asia/Kolkata"
language = [{ code = "en", name = "English" }, { code = "bn", name = "Bengali" }]
"""
MOBILE = "+919830001234"


@pytest.fixture
def desk() -> gr.Desk:
    desk = gr.Desk.open(":memory:", seed=7)
    desk.activate(gr.Rulebook.from_toml(TOWN), NOW)
    return desk


@pytest.fixture
def case(desk: gr.Desk, citizen: gr.Actor) -> str:
    """A case whose complainant is owed an acknowledgement in Bengali."""
    given = {"narrative": "No water.", "name": "Asha Devi", "mobile": "98300 01234", "language": "bn"}
    return desk.by(citizen, NOW).lodge(**given).case  # type: ignore[arg-type]


class Post:
    """A gateway that keeps what it is given, and fails as it is told."""

    def __init__(self, *failures: BaseException) -> None:
        self.failures = list(failures)
        self.taken: list[gr.Message] = []

    def __call__(self, message: gr.Message) -> str | None:
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append(message)
        return f"carrier-{len(self.taken)}"

    @property
    def to_people(self) -> list[gr.Message]:
        return [message for message in self.taken if message.to == "mobile"]


def waiting(desk: gr.Desk, case: str) -> list[gr.Posted]:
    return [posted for posted in desk.notices(case) if posted.state == words.NoticeState.WAITING]


def test_a_message_goes_out_in_the_language_of_whom_it_is_for(desk: gr.Desk, case: str) -> None:
    post = Post()
    due = desk.next_due(NOW)
    assert due is not None and due <= NOW
    told = desk.deliver(NOW, post)
    assert (told.sent, told.retried, told.raised) == (len(post.taken), 0, [])
    [message] = post.to_people
    assert (message.channel, message.address) == (words.MessageChannel.SMS, MOBILE)
    assert (message.written.language, message.written.template) == ("bn", "registered")
    assert "অভিযোগ" in message.written.text
    assert message.written.encoding == "UCS-2" and message.written.parts >= 1
    assert "9830" not in repr(message), "no words and no address"
    assert desk.deliver(NOW, post).sent == 0, "once"


def test_what_became_of_it_is_kept_and_the_carriers_word_too(desk: gr.Desk, case: str) -> None:
    post = Post()
    desk.deliver(NOW, post)
    [message] = post.to_people
    [posted] = [posted for posted in desk.notices(case) if posted.id == message.id]
    assert (posted.state, posted.attempts, posted.received_at) == (words.NoticeState.DELIVERED, 1, None)
    assert posted.reference is not None
    received = NOW + timedelta(minutes=3)
    assert desk.delivery_report(posted.reference, received) == [message.id]
    assert desk.delivery_report(posted.reference, received + timedelta(days=1)) == [message.id], "it comes twice"
    assert desk.delivery_report("another carrier's", received) == []
    [posted] = [posted for posted in desk.notices(case) if posted.id == message.id]
    assert posted.received_at == received, "the first word counts"


def test_a_gateway_that_throws_is_asked_again_under_the_same_identity(desk: gr.Desk, case: str) -> None:
    down = ConnectionError(f"cannot send to {MOBILE}")
    told = desk.deliver(NOW, Post(*[down] * 20))
    assert told.sent == 0 and told.retried == len(told.raised) > 0
    assert {one.name for one in told.raised} == {"ConnectionError"}
    assert "9830" not in repr(told.to_dict())
    [before] = [posted for posted in waiting(desk, case) if "contact" in posted.to]
    assert (before.attempts, before.problem) == (1, "gateway_failed")
    later, post = NOW + timedelta(minutes=5), Post()
    desk.deliver(later, post)
    assert [message.id for message in post.to_people] == [before.id]
    assert not waiting(desk, case)


def test_what_a_gateway_will_never_take_is_parked_and_may_be_revived(desk: gr.Desk, case: str) -> None:
    told = desk.deliver(NOW, Post(*[gr.MessageRefusedError("no such template")] * 20))
    assert told.sent == told.retried == 0 and told.parked
    [parked] = [parked for parked in desk.parked() if parked.id in told.parked and parked.channel == "sms"]
    assert (parked.case, parked.problem, parked.attempts) == (case, "refused", 1)
    later, post = NOW + timedelta(hours=1), Post()
    assert desk.deliver(later, post).sent == 0, "it waits for a person"
    assert desk.revive(parked.id, later)
    assert not desk.revive(parked.id, later), "it is not parked any more"
    desk.deliver(later, post)
    assert [message.id for message in post.to_people] == [parked.id]


@pytest.mark.parametrize("answer", [True, False, 7, b"x", ["x"], {}, object()])
def test_an_answer_that_is_none_is_no_delivery(desk: gr.Desk, case: str, answer: Any) -> None:
    told = desk.deliver(NOW, lambda _message: answer)
    assert told.sent == 0 and told.retried > 0
    assert {one.name for one in told.raised} == {f"returned {type(answer).__name__}"}
    assert desk.deliver(NOW + timedelta(minutes=5), Post()).sent == told.retried, "nothing is lost"


@pytest.mark.parametrize("reference", [None, "", "  ", "x" * 5_000, "\x00", "\n"])
def test_a_reference_that_is_of_no_use_is_not_kept(desk: gr.Desk, case: str, reference: str | None) -> None:
    told = desk.deliver(NOW, lambda _message: reference)
    assert told.sent > 0 and not told.raised
    assert {posted.reference for posted in desk.notices(case)} == {None}
    assert desk.delivery_report(reference or "", NOW) == []


def test_a_gateway_that_fails_for_days_is_given_up_and_stays_visible(desk: gr.Desk, case: str) -> None:
    at = NOW
    for _ in range(40):
        told = desk.deliver(at, Post(*[TimeoutError()] * 20))
        if told.parked:
            break
        at += timedelta(hours=7)
    assert told.parked
    assert {parked.problem for parked in desk.parked()} == {"too_many_tries"}


def test_a_gateway_may_look_at_the_desk(desk: gr.Desk, case: str) -> None:
    seen: list[str] = []

    def curious(message: gr.Message) -> None:
        seen.append(desk.facts(case)["id"])
        desk.deliver(NOW, lambda _message: None, 1)

    assert desk.deliver(NOW, curious).sent > 0
    assert set(seen) == {case}


def test_a_key_that_is_pressed_is_not_swallowed(desk: gr.Desk, case: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        desk.deliver(NOW, Post(KeyboardInterrupt()))
    assert waiting(desk, case), "what was not sent waits"
    assert desk.deliver(NOW + timedelta(minutes=10), Post()).sent > 0


def test_a_gateway_must_be_callable(desk: gr.Desk) -> None:
    for nothing in (None, "x", 7):
        with pytest.raises(gr.AmendError, match="gateway"):
            desk.deliver(NOW, nothing)  # type: ignore[arg-type]


def test_several_workers_send_each_message_once(desk: gr.Desk, citizen: gr.Actor) -> None:
    for _ in range(20):
        desk.by(citizen, NOW).lodge(narrative="No water.", mobile="98300 01234")
    posts = [Post() for _ in range(4)]
    threads = [threading.Thread(target=desk.deliver, args=(NOW, post)) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [message.id for post in posts for message in post.taken]
    assert len(ids) == len(set(ids)) >= 20


def test_a_short_message_is_answered(desk: gr.Desk, case: str, citizen: gr.Actor) -> None:
    number = desk.facts(case)["number"]
    stands = desk.answer_sms("98300 01234", f"GRV STATUS {number}", NOW)
    assert number in stands.text
    assert stands.template in ("pull_status", "pull_undated")
    other = desk.answer_sms("98300 09999", f"GRV STATUS {number}", NOW)
    assert other.template == "pull_unknown"
    for text in ("", "hello", "GRV", "\x00", "x" * 5_000, "GRV STATUS"):
        assert desk.answer_sms("98300 01234", text, NOW).template == "pull_help"
    with pytest.raises(gr.AmendError) as refused:
        desk.answer_sms("12", "GRV", NOW)
    assert refused.value.where == "mobile"


def sending(
    desk: gr.Desk, gateway: Callable[[gr.Message], str | None], mobile: str = "98300 01234"
) -> tuple[gr.CodeDesk, gr.CodeSent]:
    codes = desk.otp(gr.MacKeys("k", bytes(32)))
    return codes, codes.send_code("track", mobile, request="form", at=NOW, gateway=gateway, language="bn")


def test_a_code_is_sent_in_words_and_opens(desk: gr.Desk) -> None:
    post = Post()
    codes, sent = sending(desk, post)
    [message] = post.taken
    assert (message.address, message.written.language, message.written.template) == (MOBILE, "bn", "otp")
    digits = "".join(found for found in message.written.text if found.isascii() and found.isdigit())
    given = {"request": "form", "at": NOW + timedelta(minutes=1)}
    opened = [
        code
        for code in (digits[at : at + 6] for at in range(len(digits) - 5))
        if verifies(codes, sent, code, given)
    ]
    assert opened
    assert sent.expires_at > NOW
    assert message.written.text not in repr(message)


def verifies(codes: gr.CodeDesk, sent: gr.CodeSent, code: str, given: dict[str, Any]) -> bool:
    try:
        codes.verify_code(sent.challenge, "track", "98300 01234", code=code, **given)
    except gr.GrievanceError:
        return False
    return True


def test_a_code_that_the_gateway_did_not_take_is_a_failure_without_its_words(desk: gr.Desk) -> None:
    def fail(message: gr.Message) -> str | None:
        raise ValueError(message.written.text, message.address)

    with pytest.raises(gr.WaitError) as failed:
        sending(desk, fail)
    assert failed.value.code == "message_not_sent"
    assert "ValueError" in str(failed.value)
    assert "9830" not in str(failed.value)
    with pytest.raises(KeyboardInterrupt):
        sending(desk, Post(KeyboardInterrupt()), "98300 09999")
