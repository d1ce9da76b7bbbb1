package dev.grievance.mobile.test

import dev.grievance.mobile.*
import java.io.File
import java.security.MessageDigest
import java.time.Instant

/**
 * Runs a scenario file through the package: see `docs/reference/scenarios.md`. Nothing here knows a rule. A file
 * says what is asked and what must come of it; the runner puts identities where the file has labels, asks the
 * desk, and compares.
 */
class Scenario(file: File, url: String, keys: KeyRing?) {
    private val scenario = Json.read(file.readText()).obj()
    private val desk = LocalDesk.open(url, "scenario", keys, 1UL)
    private val cases = sortedMapOf<String, String>()

    fun play() {
        desk.activate(rulebook(scenario["rulebook"].obj()), Instant.parse("2020-01-01T00:00:00Z"))
        scenario["steps"].list().forEachIndexed { number, one ->
            val step = one.obj()
            val place = "step ${number + 1} (${action(step)})"
            val at = Instant.parse(step["at"] as String)
            when {
                "appoint" in step -> appoint(step["appoint"].obj(), at)
                "sees" in step -> looks(step, at, place)
                "measure" in step -> measures(step, at, place)
                "sweep" in step -> sweep(step["sweep"].obj(), at, place)
                "activate" in step -> desk.activate(rulebook(step["activate"].obj()), at)
                else -> take(step, at, place)
            }
        }
        scenario["then"].obj().forEach { (label, wanted) ->
            compare(wanted.obj(), facts(cases.getValue(label)), "at the end, case $label")
        }
    }

    /** SHA-256 over the stored text of every event, as `scenario-digests.json` says it. */
    fun digest(): String {
        val lines = cases.map { (label, case) ->
            desk.storedHistory(case).events.joinToString("") {
                "$label\t${it.version}\t${it.at}\t${it.actor}\t${it.event}\n"
            }
        }
        return hex(sha256(lines.joinToString("")))
    }

    private fun rulebook(rules: Map<String, Any?>): Rulebook =
        (rules["preset"] as String?)?.let(Rulebook::preset) ?: Rulebook.fromJson(Json.write(rules["document"]))

    private fun actor(name: String): Actor {
        val who = scenario["actors"].obj()[name].obj()
        return Actor(
            person = person(who["person"] as String? ?: name),
            role = who["role"] as String,
            unit = who["unit"] as String?,
            post = who["post"] as String?,
            onBehalfOf = (who["on_behalf_of"] as String?)?.let(::person),
        )
    }

    private fun appoint(row: Map<String, Any?>, since: Instant) = desk.appoint(
        unit = row["unit"] as String,
        post = row["post"] as String,
        person = person(row["person"] as String),
        since = since,
        until = (row["until"] as String?)?.let(Instant::parse),
        tenure = row["tenure"] as String? ?: "holder",
    )

    private fun looks(step: Map<String, Any?>, at: Instant, place: String) {
        val acting = desk.by(actor(step["by"] as String), at)
        val case = cases.getValue(step["case"] as String)
        val sees = step["sees"] as Boolean
        val nobodys = "grv_" + "0".repeat(32)
        for (look in listOf<(String) -> Any>(acting::case, acting::history, acting::progress, acting::options)) {
            val answer = failure { look(case) }
            same(sees, answer == null, place)
            if (answer != null) same(failure { look(nobodys) }, answer, "$place: not theirs is not there")
        }
        same(sees, case in acting.cases(), "$place: listed")
    }

    private fun measures(step: Map<String, Any?>, at: Instant, place: String) {
        val answer = desk.by(actor(step["by"] as String), at).measure(Json.write(step["measure"]))
        val (rows, wanted) = Json.read(answer).list() to step["rows"].list()
        same(wanted.size, rows.size, "$place: $answer")
        wanted.zip(rows).forEach { (cells, row) -> compare(cells.obj(), row.obj(), place) }
    }

    private fun sweep(wanted: Map<String, Any?>, at: Instant, place: String) {
        fun once(): Map<String, Any?> {
            val swept = desk.sweep(at)
            check(swept.failed.isEmpty() && !swept.more) { place }
            return with(swept) {
                mapOf(
                    "cases" to cases, "breaches" to breaches, "escalations" to escalations,
                    "proposals" to proposals, "resumed" to resumed, "moved" to moved, "jobs" to jobs.size.toULong(),
                ).mapValues { it.value.toLong() }
            }
        }
        compare(wanted, once(), place)
        check(once().values.all { it == 0L }) { "$place: once" }
    }

    private fun take(step: Map<String, Any?>, at: Instant, place: String) {
        val (label, command) = step["case"] as String? to step["command"] as String?
        val fresh = action(step) == "lodge" && (command != null || label == null || label !in cases)
        val case = if (fresh || label == null) null else cases.getValue(label)
        val actor = actor(step["by"] as String)
        val before = case?.let(::whole)
        val looks = desk.by(actor, at)
        val offered = case?.let { runCatching { looks.options(it) }.getOrNull() }
        val then = step["then"].obj()
        val acting = desk.by(
            actor, at, command?.let { "cmd_${uuid("command", it)}" }, (step["expecting"] as Long?)?.toULong(),
            (step["verified"] as String?)?.let { verify(it, at) },
        )
        val done = try {
            acting.submit(Json.write(fill(step["do"])), case)
        } catch (refused: GrievanceException) {
            same(then["refused"], refused.failure().code, "$place: $refused")
            if ("field" in then) same(then["field"], refused.failure().place, place)
            case?.let { same(before, whole(it), "$place: a refusal changes nothing") }
            return
        }
        check("ok" in then) { "$place: was done, and should be refused" }
        if (offered != null && command == null) {
            check(offered.any { it.action == action(step) && it.allowed }) { "$place: was not offered" }
        }
        if (label != null) same(done.case, cases.getOrPut(label) { done.case }, "$place: the label is taken")
        step["parts"]?.list()?.let { parts ->
            val own = Json.read(desk.facts(done.case)).obj()["parts"].list().takeLast(parts.size)
            parts.zip(own).forEach { (part, id) -> cases[part as String] = id as String }
        }
        val found = facts(done.case) +
            mapOf("tracking_code" to (done.trackingCode != null), "version" to done.version.toLong())
        compare(then["ok"].obj(), found, place)
    }

    private fun verify(mobile: String, at: Instant): VerifiedMobile {
        val codes = desk.otp(MacKeys("scenario", ByteArray(32) { 1 }))
        val sent = codes.requestCode("lodge", mobile, "form", at)
        return codes.verifyCode(sent.challenge, "lodge", mobile, "form", sent.code, at)
    }

    private fun fill(value: Any?): Any? = when {
        value is Map<*, *> -> value.mapValues { fill(it.value) }
        value is List<*> -> value.map(::fill)
        value is String && value.startsWith("\$case:") -> cases.getValue(value.removePrefix("\$case:"))
        value is String && value.startsWith("\$number:") ->
            Json.read(desk.facts(cases.getValue(value.removePrefix("\$number:")))).obj()["number"]
        value is String && value.startsWith("\$person:") -> person(value.removePrefix("\$person:"))
        else -> value
    }

    private fun whole(case: String) = desk.facts(case) to desk.storedHistory(case).head

    /** Everything that a file may ask of a case, with labels for identities. */
    private fun facts(case: String): Map<String, Any?> {
        val labels = cases.entries.reversed().associate { (label, id) -> id to label }
        return Json.read(desk.facts(case)).obj().mapValues { (fact, value) ->
            when (fact) {
                "part_of", "merged_into" -> labels[value]
                "parts", "members" -> value.list().map { labels[it] }
                else -> value
            }
        }
    }

    private fun compare(wanted: Map<String, Any?>, found: Map<String, Any?>, place: String) =
        wanted.forEach { (fact, value) -> same(value, found[fact], "$place: $fact") }
}

@Suppress("UNCHECKED_CAST")
fun Any?.obj() = this as Map<String, Any?>

fun Any?.list() = this as List<*>

fun sha256(text: String): ByteArray = MessageDigest.getInstance("SHA-256").digest(text.toByteArray())

fun hex(bytes: ByteArray) = bytes.joinToString("") { "%02x".format(it) }

fun uuid(kind: String, name: String) = hex(sha256("$kind:$name")).take(32)

fun person(name: String) = "per_${uuid("person", name)}"

private fun action(step: Map<String, Any?>) = (step["do"] as? Map<*, *>)?.get("action")

private fun failure(look: () -> Any): Failure? =
    try { look(); null } catch (problem: GrievanceException) { problem.failure() }
