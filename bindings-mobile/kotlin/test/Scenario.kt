package dev.grievance.mobile.test

import dev.grievance.mobile.*
import java.io.File
import java.lang.reflect.Modifier
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
    private val answers = StringBuilder()
    private var step = 0

    fun play() {
        desk.activate(rulebook(scenario["rulebook"].obj()), Instant.parse("2020-01-01T00:00:00Z"))
        scenario["steps"].list().forEachIndexed { number, one ->
            val step = one.obj()
            val place = "step ${number + 1} (${action(step)})"
            val at = Instant.parse(step["at"] as String)
            this.step = number + 1
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

    /** SHA-256 over what was stored and answered, as `scenario-digests.json` says it: the outbox is the office's. */
    fun digests(): Map<String, String> {
        val lines = cases.map { (label, case) ->
            desk.storedHistory(case).events.joinToString("") {
                "$label\t${it.version}\t${it.at}\t${it.actor}\t${it.event}\n"
            }
        }
        return mapOf("answers" to hex(sha256(answers.toString())), "events" to hex(sha256(lines.joinToString(""))))
    }

    /** Writes an answer down. */
    private fun told(what: String, answer: Any?) {
        answers.append("$step\t$what\t${Json.write(plain(answer))}\n")
    }

    /** Writes down what the actor is shown of a case. */
    private fun shown(actor: Actor, at: Instant, case: String) {
        val acting = desk.by(actor, at)
        val looks = listOf<Pair<String, () -> Any>>(
            "case" to { Json.read(acting.case(case)).obj() },
            "progress" to { acting.progress(case) },
            "options" to { acting.options(case) },
        )
        for ((what, look) in looks) told(what, try { look() } catch (problem: GrievanceException) { problem.failure() })
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
        shown(actor(step["by"] as String), at, case)
    }

    private fun measures(step: Map<String, Any?>, at: Instant, place: String) {
        val answer = desk.by(actor(step["by"] as String), at).measure(Json.write(step["measure"]))
        val (rows, wanted) = Json.read(answer).list() to step["rows"].list()
        same(wanted.size, rows.size, "$place: $answer")
        wanted.zip(rows).forEach { (cells, row) -> compare(cells.obj(), row.obj(), place) }
        told("measure", rows)
    }

    private fun sweep(wanted: Map<String, Any?>, at: Instant, place: String) {
        fun once(): Map<String, Any?> {
            val swept = desk.sweep(at)
            check(swept.failed.isEmpty() && !swept.more) { place }
            told("swept", swept)
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
            told("refused", refused.failure())
            case?.let { shown(actor, at, it) }
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
        told("done", done)
        shown(actor, at, done.case)
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

/**
 * A record by the names of its fields in JSON, keys in order, without the versions of rulebooks, which change with every
 * sentence of a preset.
 */
private fun plain(value: Any?): Any? = when (value) {
    null, is String, is Boolean, is Number -> value
    is UInt, is ULong -> value.toString().toLong()
    is Instant -> value.toString()
    is Enum<*> -> value.name.lowercase()
    is List<*> -> value.map(::plain)
    is Map<*, *> -> value.filterKeys { it != "rulebook" }.mapValues { plain(it.value) }.toSortedMap(compareBy { it as String })
    else -> {
        val names = value.javaClass.declaredFields.filter { !Modifier.isStatic(it.modifiers) }.onEach { it.isAccessible = true }
        val fields = names.associate { it.name.replace(Regex("[A-Z]")) { letter -> "_" + letter.value.lowercase() } to it.get(value) }
        plain(if (value is Failure) fields - "place" + ("where" to value.place) else fields)
    }
}

fun sha256(text: String): ByteArray = MessageDigest.getInstance("SHA-256").digest(text.toByteArray())

fun hex(bytes: ByteArray) = bytes.joinToString("") { "%02x".format(it) }

fun uuid(kind: String, name: String) = hex(sha256("$kind:$name")).take(32)

fun person(name: String) = "per_${uuid("person", name)}"

private fun action(step: Map<String, Any?>) = (step["do"] as? Map<*, *>)?.get("action")

private fun failure(look: () -> Any): Failure? =
    try { look(); null } catch (problem: GrievanceException) { problem.failure() }
