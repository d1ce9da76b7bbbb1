package dev.grievance.mobile.test

import dev.grievance.mobile.*
import dev.grievance.mobile.test.DeskTransport.Way
import java.lang.reflect.Proxy
import java.time.Instant
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicReference
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking

/** Hosts that throw, or give what they should not: an exception with a code and a place, and nothing half done. */
fun Harness.hosts() {
    val problems = listOf<() -> Nothing>(
        { throw java.io.IOException("at 98300 01234") },
        { throw IllegalStateException("Asha's phone") },
        { throw StackOverflowError("Asha's phone") },
        { throw NullPointerException() },
        { throw CancellationException("Asha's phone") },
    )

    fun failing(place: String, code: String, phone: (Office, () -> Nothing) -> Complainant) {
        for (problem in problems) {
            val office = Office()
            runBlocking { office.phone.refresh() }
            val caught = thrown<GrievanceException> {
                runBlocking {
                    val broken = phone(office, problem)
                    broken.lodge(broken.draft(Lodge(narrative = "Dark.")).also { it.problems() })
                }
            }.failure()
            same(place to code, caught.place to caught.code, caught.problem)
            check("98300" !in caught.problem && "Asha" !in caught.problem) { caught.problem }
            same(emptyList<String>(), office.cases(), place)
        }
    }

    test("hosts: whatever a transport throws is to be sent again") {
        failing("transport", "answer_lost") { office, fail ->
            office.phone(transport = object : Transport {
                override suspend fun send(question: String): String = fail()
            })
        }
    }

    test("hosts: a clock that throws") {
        failing("clock", "date_invalid") { office, fail -> office.phone(clock = object : Clock { override fun now() = fail() }) }
    }

    test("hosts: a randomness that throws") {
        failing("randomness", "invalid_command") { office, fail ->
            office.phone(randomness = object : Randomness { override fun bytes(count: UInt) = fail() })
        }
    }

    test("hosts: a key store that throws") {
        failing("keys", "key_missing") { office, fail -> office.phone(keys = object : KeyVault { override fun secret() = fail() }) }
    }

    test("hosts: a storage that throws") {
        failing("storage", "storage") { office, fail ->
            office.phone(storage = object : Storage {
                override fun get(name: String) = fail()
                override fun put(name: String, value: ByteArray) = fail()
                override fun remove(name: String) = fail()
                override fun list(prefix: String) = fail()
            })
        }
    }

    test("hosts: a storage that calls the library back is answered, and an equal step is one") {
        val office = Office()
        val done = office.lodged()
        val phone = AtomicReference<Complainant>()
        val depth = AtomicInteger()
        val inner = mutableListOf<Done>()
        phone.set(office.phone(randomness = TestRandomness(3), storage = object : Storage by office.storage {
            override fun put(name: String, value: ByteArray) {
                if (name.startsWith("step.") && depth.getAndIncrement() < 1) {
                    // On this thread, and on another one that it waits for.
                    inner += runBlocking { phone.get().remind(done.case, Remind(remarks = "Still dry.")) }
                    inner += runBlocking(Dispatchers.IO) { phone.get().remind(done.case, Remind(remarks = "Dry still.")) }
                }
                office.storage.put(name, value)
            }
        }))
        val outer = runBlocking { phone.get().remind(done.case, Remind(remarks = "Still dry.")) }
        check(inner.isNotEmpty() && outer.version in inner.map { it.version }) { "the equal step inside is another: $outer, $inner" }
        same(2L, Json.read(office.desk.facts(done.case)).obj()["reminders"], "two different steps")
        same(emptyList<Unsent>(), phone.get().unsent())
    }

    test("hosts: what a host throws as ours comes through as it is") {
        val ours = GrievanceException.Wait("busy", "gateway", "in an hour", "the server asks for patience")
        val office = Office()
        val caught = thrown<GrievanceException.Wait> {
            runBlocking {
                office.phone(transport = object : Transport { override suspend fun send(question: String): String = throw ours }).refresh()
            }
        }
        same(ours.failure(), caught.failure())
    }

    test("hosts: answers that are none") {
        val office = Office()
        val done = office.lodged()
        val good = office.desk.by(office.citizen, office.clock.at).serve("""{"ask":"track","case":"${done.case}","v":1}""")
        check(good.startsWith("{\"tracked\":")) { good }
        val rubbish = listOf(
            "", "null", "[]", "{}", "<html>Welcome to our hotel</html>", "{\"v\":1}", "{\"v\":1,\"done\":{}}",
            good.dropLast(1), good.replace("\"v\":1}", "\"v\":2}"), good.replace("\"v\":1}", "\"v\":\"1\"}"),
            good.replace("\"tracked\"", "\"rules\""), good.replace("\"case\":", "\"kase\":"), "\u0000", "[".repeat(10_000),
        )
        for (answer in rubbish) {
            val phone = office.phone(transport = object : Transport { override suspend fun send(question: String) = answer })
            val caught = thrown<GrievanceException.Retry> { runBlocking { phone.track(done.case) } }
            same("answer_lost" to "transport", caught.code to caught.place, answer.take(60))
        }
        val newer = good.replace("{\"tracked\":{", "{\"news\":1,\"tracked\":{\"mood\":\"good\",")
        val phone = office.phone(transport = object : Transport { override suspend fun send(question: String) = newer })
        same(done.case, runBlocking { phone.track(done.case) }.case, "what a newer desk adds is overlooked")
    }

    test("hosts: what Java lets a host give: null, and values of other types") {
        val office = Office()
        runBlocking { office.phone.refresh() }
        for (given in listOf(null, 7, "text", byteArrayOf(1), listOf(1), Any())) {
            fun <T> giving(kind: Class<T>): T = kind.cast(
                Proxy.newProxyInstance(kind.classLoader, arrayOf(kind)) { self, method, arguments ->
                    when (method.name) {
                        "hashCode" -> 1
                        "equals" -> self === arguments[0]
                        "toString" -> kind.name
                        else -> given
                    }
                },
            )
            fun caught(phone: Complainant, use: suspend (Complainant) -> Unit) =
                runCatching { runBlocking { use(phone) } }.exceptionOrNull() as GrievanceException?
            suspend fun all(phone: Complainant) {
                phone.draft(Lodge(narrative = "Dark.")).problems()
                phone.drafts()
                phone.unsent()
            }
            same("transport", caught(office.phone(transport = giving(Transport::class.java))) { it.refresh() }?.failure()?.place, "$given")
            same("clock", caught(office.phone(clock = giving(Clock::class.java)), ::all)?.failure()?.place, "$given")
            same("randomness", caught(office.phone(randomness = giving(Randomness::class.java)), ::all)?.failure()?.place, "$given")
            same("keys", caught(office.phone(keys = giving(KeyVault::class.java)), ::all)?.failure()?.place, "$given")
            val storage = caught(office.phone(storage = giving(Storage::class.java)), ::all)?.failure()?.place
            check(storage in listOf("storage", "draft", "rules")) { "$given: $storage" }
        }
        val plain = Lodge::class.java.constructors.single { own -> own.parameterTypes.none { it.simpleName == "DefaultConstructorMarker" } }
        val refused = runCatching { plain.newInstance(*arrayOfNulls(plain.parameterCount)) }.exceptionOrNull()?.cause
        check(refused is NullPointerException && "narrative" in refused.message!!) { refused.toString() }
    }

    test("hosts: half a character in what a host says") {
        val office = Office()
        val half = office.phone(transport = object : Transport { override suspend fun send(question: String) = "\uD800" })
        same("answer_lost", thrown<GrievanceException> { runBlocking { half.refresh() } }.failure().code)
        val clock = object : Clock { override fun now(): Instant = throw GrievanceException.Wait("\uD800", "\uDC00", null, "\uD800\uD800") }
        runBlocking { office.phone.refresh() }
        val draft = office.phone(clock = clock).draft(Lodge(narrative = "Dark \uD83E lamp"))
        same("?", thrown<GrievanceException.Wait> { draft.problems() }.code)
        same("Dark ? lamp", draft.fields().narrative)
    }

    test("hosts: questions that are none") {
        val office = Office()
        val acting = office.desk.by(office.citizen, office.clock.at)
        val questions = mapOf(
            "" to null, "null" to null, "[]" to null, "{}" to "v", """{"v":2,"ask":"rules"}""" to "v",
            """{"v":1}""" to "ask", """{"v":1,"ask":"everything"}""" to "ask", """{"v":1,"ask":"rules","hav":"x"}""" to "hav",
            """{"v":1,"ask":"step","request":{"action":"remind"}}""" to "command",
            """{"v":1,"ask":"step","command":"cmd_${"1".repeat(32)}","request":{"action":"dance"}}""" to "action",
            """{"v":1,"ask":"step","command":"cmd_${"1".repeat(32)}","request":{"action":"lodge","narrative":null}}""" to "narrative",
        )
        for ((question, place) in questions) {
            val failed = Json.read(acting.serve(question)).obj()["failed"].obj()
            same("invalid_command" to place, failed["code"] to failed["where"], question)
        }
    }

    test("hosts: values that are none") {
        val office = Office()
        fun caught(place: String, code: String, phone: Complainant) {
            val problem = thrown<GrievanceException> { runBlocking { phone.draft(Lodge(narrative = "Dark.")).problems() } }.failure()
            same(place to code, problem.place to problem.code, problem.problem)
        }
        runBlocking { office.phone.refresh() }
        for (count in listOf(0, 1, 15, 17, 1_000_000)) {
            caught("randomness", "invalid_command", office.phone(randomness = object : Randomness { override fun bytes(count: UInt) = ByteArray(count.toInt()).copyOf(15) }))
            if (count != 16) caught("randomness", "invalid_command", office.phone(randomness = object : Randomness { override fun bytes(asked: UInt) = ByteArray(count) }))
        }
        for (count in listOf(0, 31, 1_025)) caught("keys", "key_missing", office.phone(keys = TestVault(ByteArray(count))))
        for (at in listOf(Instant.MIN, Instant.MAX, Instant.parse("+10000-01-01T00:00:00Z"), Instant.parse("0000-12-31T00:00:00Z"))) {
            caught("clock", "date_invalid", office.phone(clock = TestClock(at)))
            same("date_invalid", thrown<GrievanceException> { office.desk.by(office.citizen, at) }.failure().code)
        }
        same("invalid_command", thrown<GrievanceException> { office.phone(storage = MapStorage()).draftOf("draft") }.failure().code)
    }

    test("hosts: a kept draft that was altered, moved or sealed by another key does not open") {
        val office = Office()
        val one = office.phone.draft(Lodge(narrative = "One."))
        val two = office.phone.draft(Lodge(narrative = "Two."))
        val (first, second) = listOf(one, two).map { "draft." + it.id().removePrefix("cmd_") }
        val kept = office.storage.values.getValue(first)
        fun broken() = same("seal_broken", thrown<GrievanceException> { one.fields() }.failure().code)
        for (at in kept.indices step 7) {
            office.storage.values[first] = kept.copyOf().also { it[at] = (it[at].toInt() xor 1).toByte() }
            broken()
        }
        for (length in listOf(0, 1, 23, 24, 40, kept.size - 1)) { office.storage.values[first] = kept.copyOf(length); broken() }
        office.storage.values[first] = office.storage.values.getValue(second)
        broken()
        office.storage.values[first] = kept
        same("One.", one.fields().narrative)
        office.vault.bytes = ByteArray(32) { 8 }
        broken()
    }

    test("hosts: a transport that names a remedy of its own does not make the phone forget a step") {
        val office = Office()
        var hasty = false
        val phone = office.phone(transport = object : Transport {
            override suspend fun send(question: String): String {
                val answer = office.transport.send(question)
                if (hasty) throw GrievanceException.Amend("invalid_command", null, null, "said by the host")
                return answer
            }
        })
        runBlocking {
            phone.refresh()
            val done = phone.lodge(phone.draft(Lodge(narrative = "Dark.")))
            val remind: suspend () -> Done = { phone.remind(done.case, Remind(remarks = "Still dry.")) }
            hasty = true
            same("answer_lost", thrown<GrievanceException.Retry> { runBlocking { remind() } }.code)
            hasty = false
            remind()
            same(1L, Json.read(office.desk.facts(done.case)).obj()["reminders"], "the same step, done once")
        }
    }

    test("hosts: a step whose seal is broken stands in nobody's way") {
        val office = Office()
        val done = office.lodged()
        office.transport.way = Way.BROKEN_AFTER
        thrown<GrievanceException.Retry> { runBlocking { office.phone.remind(done.case, Remind()) } }
        office.transport.way = Way.OPEN
        office.vault.bytes = ByteArray(32) { 8 }
        same(emptyList<Unsent>(), office.phone.unsent())
        runBlocking { office.phone.remind(done.case, Remind()) }
        same(2L, Json.read(office.desk.facts(done.case)).obj()["reminders"])
    }

    test("hosts: rules that were spoilt in the storage are fetched anew") {
        val office = Office()
        runBlocking { office.phone.refresh() }
        for (spoilt in listOf("", "{}", "rules", "{\"version\":\"x\",\"role\":\"complainant\",\"verify_mobile\":false,\"rulebook\":{}}")) {
            office.storage.values["rules"] = spoilt.toByteArray()
            val phone = office.phone()
            same("rulebook_unknown", thrown<GrievanceException> { phone.categories() }.failure().code, spoilt)
            runBlocking { phone.refresh() }
            check(phone.categories().isNotEmpty()) { spoilt }
        }
    }

    test("hosts: a rulebook that is newer than the app leaves lodging and tracking as they were") {
        val office = Office()
        val newer = office.phone(transport = object : Transport {
            override suspend fun send(question: String) =
                office.transport.send(question).replace("\"intake\":{", "\"intake\":{\"mood\":1,")
        })
        val refused = thrown<GrievanceException.Amend> { runBlocking { newer.refresh() } }
        same("rulebook_invalid" to "rules", refused.code to refused.place)
        val done = runBlocking { newer.lodge(newer.draft(Lodge(narrative = "Dark."))) }
        same(done.case, runBlocking { newer.track(done.case) }.case)
    }

    test("hosts: a host that calls back into the phone") {
        val office = Office()
        lateinit var phone: Complainant
        phone = office.phone(
            transport = object : Transport {
                override suspend fun send(question: String): String {
                    if ("\"step\"" in question) phone.refresh()
                    return office.transport.send(question)
                }
            },
            clock = object : Clock { override fun now(): Instant { phone.rulesVersion(); phone.drafts(); return START } },
        )
        runBlocking {
            val draft = phone.draft(Lodge(narrative = "Dark."))
            val done = phone.lodge(draft)
            val second = phone.draft(Lodge(narrative = "Dark again."))
            same(emptyList<Failure>(), second.problems())
            phone.remind(done.case, Remind())
        }
    }

    test("hosts: what a desk in the process answers has the fields of every language") {
        val jobs = listOf("weekly" to "statement", "seal" to "checkpoint").map { (code, kind) ->
            """{ code = "$code", kind = "$kind", weekday = "tuesday", at = "10:00" }"""
        }
        val office = Office(rules = "extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"\nschedule = $jobs")
        val case = office.lodged().case
        val citizen = office.desk.by(office.citizen, START)
        val refused = citizen.options(case).first { !it.allowed }.because
        check(refused.isNotEmpty() && refused.all { why -> ErrorCode.entries.any { it.word() == why.code } && why.sentence.isNotEmpty() }) { refused }
        val later = START.plusSeconds(2 * 86_400)
        val swept = office.desk.sweep(later)
        val weekly = swept.jobs.last { it.schedule == "weekly" }
        check(weekly.kind == "statement" && weekly.dueAt > START && weekly.dueAt <= later) { weekly }
        same(listOf(emptyList<Unhandled>(), null, false), listOf(swept.failed, swept.checkpointFailed, swept.more))
        check(Json.read(swept.checkpoint!!).obj().isNotEmpty()) { swept }
        same(emptyList<DueJob>(), office.desk.sweep(later).jobs, "once")
        val ahead = citizen.progress(case).ahead
        check(ahead.isNotEmpty() && ahead.all { Regex("2026-\\d\\d-\\d\\d").matches(it.on) && it.what.isNotEmpty() }) { ahead }
        val sent = office.desk.otp(MacKeys("2026-11", ByteArray(32))).requestCode("track", "98300 01234", "form", START, null)
        same(listOf("+919830001234", "track"), listOf(sent.mobile, sent.purpose))
    }

    test("hosts: handles that were closed") {
        val office = Office()
        val draft = office.phone.draft(Lodge(narrative = "Dark."))
        draft.close()
        thrown<IllegalStateException> { draft.fields() }
        thrown<IllegalStateException> { runBlocking { office.phone.lodge(draft) } }
        draft.close()
        val acting = office.desk.by(office.citizen, office.clock.at)
        office.desk.shut()
        office.desk.shut()
        same("desk_closed" to "desk", thrown<GrievanceException> { acting.cases() }.failure().let { it.code to it.place })
        same("desk_closed", thrown<GrievanceException> { office.desk.facts("grv_" + "0".repeat(32)) }.failure().code)
        acting.close()
        thrown<IllegalStateException> { acting.cases() }
    }
}
