// A complainant's app without its screens: it lodges, tracks and answers against a desk in the same process.
// An app on a phone differs in its transport, which posts the same texts to the government's server.
package complainant

import dev.grievance.mobile.*
import java.security.SecureRandom
import java.time.Instant
import kotlinx.coroutines.runBlocking

/** What an app's platform provides; here a map in memory, where a phone has its key store and its files. */
class Platform(private val serve: (String) -> String) : Transport, Clock, Randomness, KeyVault, Storage {
    var today: Instant = Instant.parse("2026-03-02T04:30:00Z")
    private val random = SecureRandom()
    private val secret = ByteArray(32).also(random::nextBytes)
    private val values = mutableMapOf<String, ByteArray>()

    override suspend fun send(question: String) = serve(question)
    override fun now() = today
    override fun bytes(count: UInt) = ByteArray(count.toInt()).also(random::nextBytes)
    override fun secret() = secret
    override fun get(name: String) = values[name]
    override fun put(name: String, value: ByteArray) { values[name] = value }
    override fun remove(name: String) { values.remove(name) }
    override fun list(prefix: String) = values.keys.filter { it.startsWith(prefix) }
}

/** A rulebook that extends a preset, in which whoever complained says themselves whether it was put right. */
val RULES = """
    extends = "cpgrams"
    name = "An example of a portal"
    numbering.prefix = "EXAMPLE"
    category = [{ code = "passport", names = { hi = "पासपोर्ट" } }]
""".trimIndent()

fun main() = runBlocking {
    val desk = LocalDesk.open(":memory:")
    desk.activate(Rulebook.fromToml(RULES), Instant.parse("2026-01-01T00:00:00Z"))
    val citizen = Actor(person = "per_00000000000000000000000000000001", role = "complainant")
    val officer = Actor(
        person = "per_00000000000000000000000000000002",
        role = "nodal_officer",
        unit = "external-affairs",
        post = "nodal",
    )
    lateinit var platform: Platform
    platform = Platform { question -> desk.by(citizen, platform.today).serve(question) }
    val app = Complainant(platform, platform, platform, platform, platform)

    app.refresh()
    val subject = app.categories("hi").single { it.code == "passport" }
    println("subject: ${subject.name}")

    val draft = app.draft(Lodge(narrative = "", category = "pasport"))
    draft.problems().forEach { println("to amend: ${it.place} (${it.code})") }
    draft.change(Lodge(narrative = "The police check of my passport was lost.", category = subject.code))
    check(draft.problems().isEmpty())
    val done = app.lodge(draft)
    println("lodged: ${done.number}")

    // The office works.
    platform.today = platform.today.plusSeconds(2 * 86_400)
    desk.by(officer, platform.today).submit("""{"action":"admit"}""", done.case)
    val disposal = """{"action":"dispose","remarks":"The check was made anew.","reason":"benefit_provided",
        "evidence":{"date":"2026-03-04","reference":"PS 9"},"reply":"Your passport is on its way."}"""
    desk.by(officer, platform.today).submit(disposal, done.case)

    val tracked = app.track(done.case)
    println("phase: ${tracked.phase}")
    for (step in tracked.timeline) for (said in step.words) println("${step.kind}: ${said.words}")
    app.recordFeedback(done.case, RecordFeedback(outcome = "satisfied", rating = 5U, said = "It came."))
    try {
        app.recordFeedback(done.case, RecordFeedback(outcome = "delighted"))
    } catch (refused: GrievanceException.Amend) {
        println("refused: ${refused.place} (${refused.code})")
    }
    desk.shut()
}
