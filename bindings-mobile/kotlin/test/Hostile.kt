package dev.grievance.mobile.test

import dev.grievance.mobile.*
import java.io.File
import java.lang.ref.WeakReference
import java.nio.file.Files
import java.time.Instant
import java.util.Random
import kotlinx.coroutines.runBlocking

/** What hostile and careless callers give where a text is wanted. */
private val TEXTS = listOf(
    "", " ", "\u0000", "null", "{}", "[", "\"", "\\u", "grv_", "grv_" + "0".repeat(32), "GRV_" + "0".repeat(32),
    "cmd_" + "f".repeat(32), "per_" + "1".repeat(32), "complainant", "cell_officer", "\uD800", "\u202E", "é", "जल", "𝔘",
    "a".repeat(41), "x".repeat(10_000), "../../etc", "'; DROP TABLE cases; --", "9830001234", "+91 98300 01234", "1", "-1",
    "2026-02-30", "2026-03-02", "satisfied", "lodge", "phone", "draft.", "health", "%s%n", "\r\n", "🪔".repeat(100),
)

private class Dice(seed: Long) : Random(seed) {
    fun text(): String = TEXTS[nextInt(TEXTS.size)]
    fun may(): String? = if (nextBoolean()) null else text()
    fun texts(): List<String>? = if (nextBoolean()) null else List(nextInt(4)) { text() }
    fun flag(): Boolean? = if (nextBoolean()) null else nextBoolean()
    fun bytes() = ByteArray(nextInt(80)).also(::nextBytes)
    fun at(): Instant = if (nextInt(4) > 0) START.plusMillis(nextInt().toLong()) else Instant.ofEpochSecond(
        Instant.MIN.epochSecond + (nextDouble() * (Instant.MAX.epochSecond - Instant.MIN.epochSecond)).toLong(),
    )
    fun json(): String {
        fun value(depth: Int): Any? = when (nextInt(if (depth > 3) 5 else 7)) {
            0 -> null
            1 -> nextBoolean()
            2 -> nextLong()
            3, 4 -> text()
            5 -> List(nextInt(3)) { value(depth + 1) }
            else -> List(nextInt(4)) { KEYS[nextInt(KEYS.size)] to value(depth + 1) }.toMap()
        }
        val whole = Json.write(value(0))
        return if (nextInt(4) == 0) whole.take(nextInt(whole.length + 1)) else whole
    }

    companion object {
        val KEYS = listOf("v", "ask", "action", "case", "code", "command", "request", "narrative", "have", "remarks", "tracked", "failed", "where")
    }
}

/** Answers, throws or gives rubbish, as the dice fall. */
private class HostileHost(val dice: Dice, val office: Office) : Transport, Clock, Randomness, KeyVault, Storage {
    private fun <T> maybe(good: () -> T, rubbish: () -> T): T = when (dice.nextInt(12)) {
        0 -> throw java.io.IOException(dice.text())
        1 -> throw Error(dice.text())
        2 -> throw GrievanceException.Wait(dice.text(), dice.may(), dice.may(), dice.text())
        3 -> rubbish()
        else -> good()
    }

    override suspend fun send(question: String) = maybe({ office.desk.by(office.citizen, office.clock.at).serve(question) }, dice::json)
    override fun now() = maybe({ office.clock.at }, dice::at)
    override fun bytes(count: UInt) = maybe({ ByteArray(count.toInt()).also(dice::nextBytes) }, dice::bytes)
    override fun secret() = maybe({ ByteArray(32) { 7 } }, dice::bytes)
    override fun get(name: String) = maybe({ office.storage.get(name) }, dice::bytes)
    override fun put(name: String, value: ByteArray) = maybe({ office.storage.put(name, value) }, {})
    override fun remove(name: String) = maybe({ office.storage.remove(name) }, {})
    override fun list(prefix: String) = maybe({ office.storage.list(prefix) }, { List(3) { prefix + dice.text() } })
}

fun Harness.hostile(calls: Int) {
    test("hostile: $calls seeded calls end in an answer or a typed exception") {
        val dice = Dice(20_230_401)
        val codes = sortedMapOf<String, Int>()
        var answered = 0
        var made = 0
        var warm: Long? = null
        while (made < calls) {
            // A new office from time to time, so that the cases of one do not pile up.
            Office().use { office ->
                val host = HostileHost(dice, office)
                val phone = Complainant(host, host, host, host, host)
                var case = office.lodged().case
                repeat(1_000) {
                    try {
                        call(dice, office, phone, case)?.let { case = it }
                        answered++
                    } catch (typed: GrievanceException) {
                        val failure = typed.failure()
                        check(failure.problem.length < 20_000) { failure.code }
                        codes.merge(failure.code.take(30), 1, Int::plus)
                    }
                }
                made += 1_000
                if (made % 20_000 == 0) println("hostile: $made calls, ${outsideTheHeap()} MiB outside the Java heap")
                if (made >= calls / 5 && warm == null) warm = outsideTheHeap()
            }
        }
        // A fifth fills what is kept. How much memory is taken depends on more than the library, so `make test` only says it.
        val more = outsideTheHeap() - (warm ?: 0)
        check(System.getenv("GRIEVANCE_SOAK") == null || more < 128) { "$more MiB more outside the Java heap" }
        check(answered > calls / 20) { "hardly anything was answered: $answered" }
        check(codes.size > 12 && "not_found" in codes && "answer_lost" in codes && "storage" in codes) { codes }
    }
}

/** What the system holds for this process, where it says so: open files, and threads that are not the JVM's own. */
private fun held(): Pair<Int, Int> {
    fun all(what: String) = File("/proc/self/$what").list().orEmpty()
    // A thread that the library began would have the name of the one that began it.
    fun name(of: String) = File("/proc/$of/comm").takeIf { it.exists() }?.readText()
    val own = name("thread-self")
    return all("fd").size to all("task").count { name("self/task/$it") == own }
}

/** Lets the collector run until something holds, and says whether it came to hold. */
private fun comesToHold(what: () -> Boolean): Boolean = (0 until 500).any {
    System.gc()
    Thread.yield()
    what()
}

/** A desk with an app that somebody used and nobody closed: all that was handed out and handed over, by weak references. */
private fun abandoned(folder: File, number: Int): List<WeakReference<Any>> {
    val ring = KeyRing("2026-11", ByteArray(32) { 1 }, listOf())
    val desk = LocalDesk.open("sqlite:///$folder/$number.sqlite", "haldia", ring)
    val rules = Rulebook.preset("city-311")
    desk.activate(rules, START)
    val clock = TestClock()
    val transport = DeskTransport(desk, Actor(person = person("citizen"), role = "complainant"), clock)
    val hosts = listOf(transport, clock, TestRandomness(number.toLong()), TestVault(), MapStorage())
    val phone = Complainant(transport, clock, hosts[2] as Randomness, hosts[3] as KeyVault, hosts[4] as Storage)
    runBlocking { phone.refresh() }
    val draft = phone.draft(Lodge(narrative = "The lamp is dark."))
    val done = runBlocking { phone.lodge(draft) }
    val acting = desk.by(transport.actor, START)
    return (hosts + listOf(ring, desk, rules, phone, draft, done, acting, acting.case(done.case))).map { WeakReference(it) }
}

fun Harness.left() {
    test("hostile: nothing is left of desks and apps that nobody closes") {
        val folder = Files.createTempDirectory("grievance-left").toFile()
        try {
            // Once for what is made at the first use and kept.
            val first = abandoned(folder, 0)
            comesToHold { first.all { it.get() == null } }
            val before = held()
            val made = (1..5).flatMap { abandoned(folder, it) }
            val alive = { made.mapNotNull { it.get()?.javaClass?.simpleName } }
            check(comesToHold { alive().isEmpty() }) { "alive: ${alive()}" }
            check(comesToHold { held().let { it.first <= before.first && it.second <= before.second } }) {
                "files and threads: ${held()}, and $before before"
            }
        } finally {
            folder.deleteRecursively()
        }
    }
}

private fun Office.use(body: (Office) -> Unit) {
    try {
        body(this)
    } finally {
        desk.shut()
        desk.close()
        phone.close()
    }
}

private fun call(dice: Dice, office: Office, phone: Complainant, case: String): String? {
    fun named() = if (dice.nextBoolean()) case else dice.text()
    val actor = { if (dice.nextInt(3) > 0) office.citizen else Actor(dice.text(), dice.text(), dice.may(), dice.may(), dice.may(), dice.may()) }
    when (dice.nextInt(29)) {
        0 -> phone.draft(lodge(dice)).use { draft -> draft.problems() }
        1 -> return phone.draft(lodge(dice)).use { draft -> runBlocking { phone.lodge(draft) } }.case
        2 -> phone.drafts().forEach { id -> phone.draftOf(id).use { it.discard() } }
        3 -> phone.draftOf(dice.text()).use { it.fields() }
        4 -> runBlocking { phone.refresh() }
        5 -> phone.categories(dice.may()).size + phone.places(dice.may()).size + phone.offices(dice.may()).size + phone.stages(dice.may()).size
        6 -> runBlocking { phone.track(named()) }
        7 -> phone.lastTracked(named())
        8 -> runBlocking { phone.provideInformation(named(), ProvideInformation(dice.text())) }
        9 -> runBlocking { phone.recordFeedback(named(), RecordFeedback(dice.text(), dice.nextInt().toUInt(), dice.may())) }
        10 -> runBlocking { phone.reopen(named(), Reopen(dice.text(), dice.may())) }
        11 -> runBlocking { phone.appeal(named(), Appeal(dice.text(), dice.may())) }
        12 -> runBlocking { phone.withdraw(named(), Withdraw(dice.may())) }
        13 -> runBlocking { phone.remind(named(), Remind(dice.may())) }
        14 -> { runBlocking { phone.resend() }; phone.unsent() }
        15 -> office.desk.by(actor(), dice.at()).use { it.serve(dice.json()) }
        16 -> office.desk.by(actor(), office.clock.at, dice.may(), dice.nextLong().toULong()).use { it.submit(dice.json(), dice.may()) }
        17 -> office.desk.by(actor(), office.clock.at).use { it.case(named()); it.history(named()); it.progress(named()); it.options(named()) }
        18 -> Rulebook.fromJson(dice.json()).close()
        19 -> Rulebook.fromToml(dice.text()).close()
        20 -> { office.desk.facts(named()); office.desk.storedHistory(named()) }
        21 -> office.desk.sweep(dice.at(), dice.nextInt(10).toUInt())
        23 -> phone.draft(lodge(dice)).let { draft ->
            draft.close()
            thrown<IllegalStateException> { if (dice.nextBoolean()) draft.fields() else runBlocking { phone.lodge(draft) } }
        }
        24 -> office.desk.by(actor(), office.clock.at).use {
            it.measure(listOf("""{"what":"pendency","as_of":"2026-12-01"}""", dice.json())[dice.nextInt(2)])
            it.paper(listOf("""{"what":"edition","as_of":"2026-12-01"}""", dice.json())[dice.nextInt(2)])
        }
        25 -> Rulebook.preset(listOf("city-311", dice.text())[dice.nextInt(2)]).use { rules -> rules.lint(); office.desk.activate(rules, dice.at()) }
        26 -> MacKeys(dice.text(), dice.bytes()).close()
        27 -> MacKeys("2026-11", ByteArray(32)).use { macs ->
            office.desk.otp(macs).use { codes ->
                val sent = codes.requestCode(listOf("track", dice.text())[dice.nextInt(2)], listOf("98300 01234", dice.text())[dice.nextInt(2)], "form", dice.at(), dice.may())
                codes.verifyCode(sent.challenge, "track", "98300 01234", dice.text(), dice.text(), dice.at()).close()
            }
        }
        22 -> office.desk.appoint(dice.text(), dice.text(), dice.text(), dice.at(), dice.at(), dice.text())
        else -> KeyRing(dice.text(), dice.bytes(), List(dice.nextInt(3)) { Key(dice.text(), dice.bytes()) }).use { ring ->
            LocalDesk.open(listOf(":memory:", dice.text())[dice.nextInt(2)], dice.text(), ring).use { it.shut() }
        }
    }
    return null
}

private fun lodge(dice: Dice) = Lodge(
    narrative = if (dice.nextBoolean()) "The lamp is dark." else dice.text(),
    kind = dice.may().takeIf { dice.nextInt(4) == 0 },
    category = if (dice.nextBoolean()) null else "health",
    place = dice.may().takeIf { dice.nextInt(4) == 0 },
    channel = dice.may().takeIf { dice.nextInt(4) == 0 },
    language = dice.may().takeIf { dice.nextInt(4) == 0 },
    name = dice.may().takeIf { dice.nextInt(4) == 0 },
    mobile = dice.may().takeIf { dice.nextInt(4) == 0 },
    anonymous = dice.flag().takeIf { dice.nextInt(4) == 0 },
    signatories = dice.texts().takeIf { dice.nextInt(4) == 0 },
    refuses = dice.texts().takeIf { dice.nextInt(4) == 0 },
    safeFrom = dice.may().takeIf { dice.nextInt(4) == 0 },
    receivedAt = dice.may().takeIf { dice.nextInt(4) == 0 },
)

/** Memory of the process without Java's heap, in MiB, where the system tells it. */
private fun outsideTheHeap(): Long {
    System.gc()
    val status = File("/proc/self/status").takeIf { it.exists() } ?: return 0
    val resident = status.readLines().first { it.startsWith("VmRSS") }.filter { it.isDigit() }.toLong()
    return resident / 1024 - Runtime.getRuntime().totalMemory() / 1_048_576
}
