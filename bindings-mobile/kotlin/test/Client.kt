package dev.grievance.mobile.test

import dev.grievance.mobile.*
import dev.grievance.mobile.test.DeskTransport.Way
import java.time.Instant
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicReference
import kotlin.concurrent.thread
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking

fun Harness.client() {
    test("client: lodged, tracked, informed, heard, reopened and appealed through one transport") {
        runBlocking {
            val office = Office()
            val (phone, cell) = office.phone to office.officer("cell_officer", "cmo-cell", "cell_officer")
            val secretary = office.officer("hod", "health", "secretary")
            val nodal = office.officer("nodal_officer", "health", "nodal")
            phone.refresh()
            val draft = phone.draft(Lodge(narrative = "No doctor at the health centre.", category = "health", name = "A. Citizen", mobile = "9830001234"))
            same(emptyList<Failure>(), draft.problems())
            val done = phone.lodge(draft)
            check(done.number!!.isNotEmpty() && done.receipt != null) { done }
            same(emptyList<String>(), phone.drafts())

            val first = phone.track(done.case)
            same("registered", first.phase)
            same(listOf("lodged"), first.timeline.map { it.kind }.filter { it == "lodged" })
            same("No doctor at the health centre.", first.timeline.first().words.single { it.field == "narrative" }.words)
            same(done.number, first.number)
            same(first, phone.lastTracked(done.case))

            fun later(days: Long) { office.clock.at = office.clock.at.plusSeconds(days * 86_400) }
            office.step(cell, done.case, """{"action":"assign"}""")
            check(phone.track(done.case).dueOn != null) { "no public due date" }
            val ahead = phone.track(done.case).ahead
            same(office.desk.by(office.citizen, office.clock.at).progress(done.case).ahead, ahead, "what comes next")
            check(ahead.any { it.level != null }) { ahead }
            office.step(secretary, done.case, """{"action":"seek_information","question":"Which day?"}""")
            val asked = phone.track(done.case)
            same("awaiting_complainant", asked.phase)
            check("provide_information" in asked.may) { asked.may }
            same("Which day?", asked.timeline.last { it.kind == "information_sought" }.words.single().words)
            phone.provideInformation(done.case, ProvideInformation(information = "Monday."))

            later(2)
            office.step(nodal, done.case, """{"action":"report_action","report":"A doctor was posted.","reason":"benefit_provided","evidence":{"date":"2026-03-03","reference":"H/1"}}""")
            office.step(secretary, done.case, """{"action":"approve","remarks":"Approved."}""")
            val refused = thrown<GrievanceException.Amend> { runBlocking { phone.reopen(done.case, Reopen(remarks = "Too early.")) } }
            check(refused.code.isNotEmpty()) { refused }
            office.step(cell, done.case, """{"action":"record_feedback","outcome":"satisfied"}""")
            office.step(cell, done.case, """{"action":"dispose","remarks":"Done."}""")
            same("disposed", phone.track(done.case).phase)
            later(1)
            phone.reopen(done.case, Reopen(remarks = "Gone again."))
            val open = phone.track(done.case)
            check(Phase.entries.single { it.word() == open.phase } != Phase.DISPOSED) { open.phase }
            same(emptyList<Unsent>(), phone.unsent())
            val appealed = thrown<GrievanceException.Amend> { runBlocking { phone.appeal(done.case, Appeal(grounds = "Not heard.")) } }
            same("action_not_offered", appealed.code)
        }
    }

    test("client: the complainant's own feedback and appeal, and what may be done when") {
        runBlocking {
            val office = Office(preset = "cpgrams")
            val nodal = office.officer("nodal_officer", "external-affairs", "nodal")
            val phone = office.phone
            val case = phone.lodge(phone.draft(Lodge(narrative = "The police check was lost.", category = "passport"))).case
            val open = phone.track(case).may
            check("record_feedback" !in open && "remind" in open) { open }
            office.step(nodal, case, """{"action":"admit"}""")
            office.step(nodal, case, """{"action":"dispose","remarks":"Never asked for.","reason":"not_sustained","evidence":{"finding":"No request is on file."}}""")
            val closed = phone.track(case)
            check(listOf("record_feedback", "appeal").all(closed.may::contains)) { closed.may }
            same(setOf(TargetKind.REOPENING, TargetKind.APPEAL_FILING), closed.ahead.mapNotNull { one -> TargetKind.entries.find { it.word() == one.target } }.toSet())
            phone.recordFeedback(case, RecordFeedback(outcome = "not_satisfied", rating = 1U, said = "I have the receipt."))
            val wrong = thrown<GrievanceException.Amend> { runBlocking { phone.recordFeedback(case, RecordFeedback(outcome = "delighted")) } }
            same("invalid_command" to "outcome", wrong.code to wrong.place)
            phone.appeal(case, Appeal(grounds = "I enclose the receipt."))
            val appealed = phone.track(case)
            same("under_appeal" to "external-affairs-appeals", appealed.phase to appealed.unit)
            same("I enclose the receipt.", appealed.timeline.last { it.kind == "appealed" }.words.single().words)
        }
    }

    test("client: a lodging whose answer was lost is lodged once") {
        runBlocking {
            val office = Office()
            val draft = office.phone.draft(Lodge(narrative = "No water since Monday."))
            office.transport.way = Way.BROKEN_AFTER
            repeat(3) {
                val lost = thrown<GrievanceException.Retry> { runBlocking { office.phone.lodge(draft) } }
                same("answer_lost", lost.code)
                same("transport", lost.place)
            }
            same(listOf(draft.id()), office.phone.drafts())
            office.transport.way = Way.OPEN
            val done = office.phone.lodge(draft)
            same(listOf(done.case), office.cases())
            val gone = thrown<GrievanceException.Amend> { runBlocking { office.phone.lodge(draft) } }
            same("not_found", gone.code)
        }
    }

    test("client: a step whose answer was lost is kept, and done once") {
        runBlocking {
            val office = Office()
            val done = office.lodged()
            office.transport.way = Way.BROKEN_AFTER
            val reminding: suspend () -> Done = { office.phone.remind(done.case, Remind(remarks = "Still dry.")) }
            repeat(2) { thrown<GrievanceException.Retry> { runBlocking { reminding() } } }
            same(listOf("remind" to done.case), office.phone.unsent().map { it.action to it.case })
            office.transport.way = Way.OPEN
            val resent = office.phone.resend().single()
            same(done.case, resent.done?.case)
            same(emptyList<Unsent>(), office.phone.unsent())
            same(1L, Json.read(office.desk.facts(done.case)).obj()["reminders"])
            reminding()
            same(2L, Json.read(office.desk.facts(done.case)).obj()["reminders"], "the same words on another day are another step")
        }
    }

    test("client: a draft written offline is judged, survives the app, and is sent later") {
        runBlocking {
            val office = Office()
            office.phone.refresh()
            office.transport.way = Way.BROKEN_BEFORE
            val offline = office.phone()
            check(offline.categories().any { it.code == "health" }) { "no categories offline" }
            val draft = offline.draft(Lodge(narrative = " ", category = "waterworks", mobile = "12"))
            same(
                listOf("mobile" to "invalid_command", "narrative" to "invalid_command", "category" to "unknown_code"),
                draft.problems().map { it.place to it.code },
            )
            draft.change(Lodge(narrative = "Secret words of mine.", category = "health"))
            same(emptyList<Failure>(), draft.problems())
            thrown<GrievanceException.Retry> { runBlocking { offline.lodge(draft) } }
            val kept = office.storage.values.values.joinToString { String(it, Charsets.ISO_8859_1) }
            check("Secret words" !in kept) { "the draft lies open in the storage" }

            office.transport.way = Way.OPEN
            val restarted = office.phone()
            val again = restarted.draftOf(restarted.drafts().single())
            same("Secret words of mine.", again.fields().narrative)
            same(listOf(restarted.lodge(again).case), office.cases())
        }
    }

    test("client: a desk refuses what the phone did not see, with code, place and sentence") {
        runBlocking {
            val office = Office()
            val draft = office.phone.draft(Lodge(narrative = "Dry.", category = "waterworks"))
            val refused = thrown<GrievanceException.Amend> { runBlocking { office.phone.lodge(draft) } }
            same("unknown_code", refused.code)
            same("category", refused.place)
            check(refused.problem.isNotEmpty()) { refused }
            same(listOf(draft.id()), office.phone.drafts(), "a refused draft is kept to be changed")
            val rules = thrown<GrievanceException> { draft.problems() }.failure()
            same("rulebook_unknown" to "rules", rules.code to rules.place)
        }
    }

    test("client: names come in the language asked for, and a new rulebook is fetched once") {
        runBlocking {
            val office = Office()
            val first = office.phone.rulesVersion()
            same(null, first)
            office.phone.refresh()
            val (english, bengali) = office.phone.categories() to office.phone.categories("bn")
            same(english.map { it.code }, bengali.map { it.code })
            check(office.phone.places().isNotEmpty() && office.phone.stages().isNotEmpty() && office.phone.offices().isNotEmpty()) { "an empty list" }
            val version = office.phone.rulesVersion()
            val before = office.storage.values["rules"]
            office.phone.refresh()
            check(before === office.storage.values["rules"]) { "the same rules were kept anew" }
            office.desk.activate(Rulebook.fromToml("extends = \"west-bengal\"\nintake.narrative_chars = 20"), office.clock.at)
            office.phone.refresh()
            check(version != office.phone.rulesVersion()) { "the old rules are still there" }
            val draft = office.phone.draft(Lodge(narrative = "Longer than twenty characters."))
            same(listOf("too_long"), draft.problems().map { it.code })
        }
    }

    test("client: whoever stays unknown tracks by the code that is shown once") {
        runBlocking {
            val office = Office(rules = "extends = \"west-bengal\"\nintake.anonymous = true")
            val done = office.phone.lodge(office.phone.draft(Lodge(narrative = "Medicine is sold.", anonymous = true)))
            val code = done.trackingCode!!
            val session = Actor(person = person("a session without a name"), role = "complainant")
            val phone = office.phone(transport = DeskTransport(office.desk, session, office.clock), storage = MapStorage())
            same("not_found", thrown<GrievanceException> { runBlocking { phone.track(done.case) } }.failure().code)
            same(done.case, phone.track(code).case)
            phone.remind(code, Remind())
            same(1L, Json.read(office.desk.facts(done.case)).obj()["reminders"])
            same("not_found", thrown<GrievanceException> { runBlocking { phone.track("AAAA-BBBB") } }.failure().code)
        }
    }

    test("client: nobody else's case is there") {
        runBlocking {
            val office = Office()
            val done = office.lodged()
            val other = DeskTransport(office.desk, Actor(person = person("somebody"), role = "complainant"), office.clock)
            val stranger = office.phone(transport = other, randomness = TestRandomness(2), storage = MapStorage())
            val nobodys = thrown<GrievanceException> { runBlocking { stranger.track("grv_" + "0".repeat(32)) } }.failure()
            same(nobodys, thrown<GrievanceException> { runBlocking { stranger.track(done.case) } }.failure())
            same(nobodys.code, thrown<GrievanceException> { runBlocking { stranger.withdraw(done.case, Withdraw()) } }.failure().code)
        }
    }

    test("client: a desk on a file is opened again with its keys") {
        val file = java.io.File.createTempFile("desk", ".sqlite").apply { delete() }
        try {
            val keys = KeyRing("2026-11", ByteArray(32) { 3 })
            same("key_missing", thrown<GrievanceException> { LocalDesk.open("sqlite:///${file.path}") }.failure().code)
            val at = Instant.parse("2026-01-01T00:00:00Z")
            val citizen = Actor(person = person("citizen"), role = "complainant")
            val first = LocalDesk.open("sqlite:///${file.path}", "haldia", keys)
            first.activate(Rulebook.preset("city-311"), at)
            val done = first.by(citizen, START).submit("""{"action":"lodge","narrative":"Dark."}""")
            first.shut()
            same("desk_closed", thrown<GrievanceException> { first.by(citizen, START).cases() }.failure().code)
            val second = LocalDesk.open("sqlite:///${file.path}", "haldia", keys)
            same(listOf(done.case), second.by(citizen, START).cases())
            second.shut()
        } finally {
            listOf("", "-wal", "-shm").forEach { java.io.File(file.path + it).delete() }
        }
    }

    test("client: many threads share a phone and a desk") {
        val office = Office()
        runBlocking { office.phone.refresh() }
        val problem = AtomicReference<Throwable>()
        val go = CountDownLatch(1)
        val threads = (1..8).map { number ->
            thread {
                try {
                    go.await()
                    repeat(20) { runBlocking { office.phone.lodge(office.phone.draft(Lodge(narrative = "$number: $it"))) } }
                } catch (thrown: Throwable) {
                    problem.set(thrown)
                }
            }
        }
        go.countDown()
        threads.forEach { it.join() }
        problem.get()?.let { throw AssertionError("a thread failed", it) }
        val facts = office.storage.values.keys
        same(listOf("rules"), facts.toList(), "drafts are left behind")

        val done = office.lodged()
        office.transport.way = Way.BROKEN_AFTER
        runBlocking {
            (1..16).map { async(Dispatchers.Default) { runCatching { office.phone.remind(done.case, Remind(remarks = "Now!")) } } }.awaitAll()
        }
        same(1L, Json.read(office.desk.facts(done.case)).obj()["reminders"], "sixteen at once are one step")
    }
}
