package dev.grievance.mobile.test

import dev.grievance.mobile.*
import java.io.IOException
import java.time.Instant
import java.util.Random
import java.util.concurrent.ConcurrentSkipListMap
import kotlinx.coroutines.runBlocking

val START: Instant = Instant.parse("2026-03-02T04:30:00Z")

class MapStorage : Storage {
    val values = ConcurrentSkipListMap<String, ByteArray>()

    override fun get(name: String) = values[name]
    override fun put(name: String, value: ByteArray) { values[name] = value }
    override fun remove(name: String) { values.remove(name) }
    override fun list(prefix: String) = values.keys.filter { it.startsWith(prefix) }
}

class TestClock(@Volatile var at: Instant = START) : Clock {
    override fun now() = at
}

class TestRandomness(seed: Long) : Randomness {
    private val random = Random(seed)

    @Synchronized
    override fun bytes(count: UInt) = ByteArray(count.toInt()).also(random::nextBytes)
}

class TestVault(@Volatile var bytes: ByteArray = ByteArray(32) { 7 }) : KeyVault {
    override fun secret() = bytes
}

/** A way to a desk in the process, that can break before the question arrives or after it was answered. */
class DeskTransport(val desk: LocalDesk, val actor: Actor, val clock: TestClock) : Transport {
    enum class Way { OPEN, BROKEN_BEFORE, BROKEN_AFTER }

    @Volatile var way = Way.OPEN
    @Volatile var sent = 0

    override suspend fun send(question: String): String {
        sent++
        if (way == Way.BROKEN_BEFORE) throw IOException("no route to desk.example, asked by 98300 01234")
        val answer = desk.by(actor, clock.at).serve(question)
        if (way == Way.BROKEN_AFTER) throw IOException("connection reset")
        return answer
    }
}

/** An office, and a citizen with a phone. */
class Office(preset: String = "west-bengal", rules: String? = null) {
    val clock = TestClock()
    val desk: LocalDesk = LocalDesk.open(":memory:", "haldia", null, 7UL)
    val citizen = Actor(person = person("citizen"), role = "complainant")
    val transport = DeskTransport(desk, citizen, clock)
    val storage = MapStorage()
    val vault = TestVault()
    val phone = phone()

    init {
        desk.activate(rules?.let(Rulebook::fromToml) ?: Rulebook.preset(preset), Instant.parse("2026-01-01T00:00:00Z"))
    }

    fun phone(
        transport: Transport = this.transport,
        clock: Clock = this.clock,
        randomness: Randomness = TestRandomness(1),
        keys: KeyVault = vault,
        storage: Storage = this.storage,
    ) = Complainant(transport, clock, randomness, keys, storage)

    fun officer(role: String, unit: String, post: String? = null) =
        Actor(person = person("$role of $unit"), role = role, unit = unit, post = post)

    fun step(by: Actor, case: String, request: String, at: Instant = clock.at) = desk.by(by, at).submit(request, case)

    /** The cases that the desk has, as somebody sees them who sees all. */
    fun cases() = desk.by(officer("cell_officer", "cmo-cell", "cell_officer"), clock.at).cases()

    fun lodged(narrative: String = "No water since Monday."): Done =
        runBlocking { phone.lodge(phone.draft(Lodge(narrative = narrative))) }
}
