package dev.grievance.mobile.test

import dev.grievance.mobile.*
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.PrintStream
import kotlin.system.exitProcess
import kotlinx.coroutines.runBlocking

/** `Main TESTDATA EXAMPLE_OUTPUT [PART_OF_A_NAME]` */
fun main(arguments: Array<String>) {
    val testdata = File(arguments[0])
    val harness = Harness(arguments.getOrNull(2))
    val digests = Json.read(testdata.resolve("scenario-digests.json").readText()).obj()
    val files = testdata.resolve("scenarios").listFiles { file -> file.extension == "json" }!!.sorted()

    harness.test("scenario: there is a digest for each file") { same(files.map { it.nameWithoutExtension }.toSet(), digests.keys) }
    for (file in files) {
        harness.test("scenario: ${file.nameWithoutExtension}") {
            val run = Scenario(file, ":memory:", null)
            run.play()
            same(digests[file.nameWithoutExtension].obj() - "notices", run.digests(), "the bytes")
        }
    }
    harness.client()
    harness.hosts()
    harness.test("words: every value of a closed list has its own word") {
        val lists = listOf(
            Phase.entries.map { it.word() }, Action.entries.map { it.word() }, EventKind.entries.map { it.word() },
            ErrorCode.entries.map { it.word() }, Remedy.entries.map { it.word() }, Field.entries.map { it.word() },
            TargetKind.entries.map { it.word() }, FeedbackOutcome.entries.map { it.word() },
        )
        for (words in lists) same(words.size, words.toSet().size, words.first())
        same(ErrorCode.entries.map { it.name.lowercase() }, ErrorCode.entries.map { it.word() })
    }
    harness.test("papers: whoever has an edition and a proof can see that a case was counted") {
        val office = Office()
        val case = office.lodged().case
        val auditor = Actor(person = person("auditor"), role = "auditor")
        office.desk.by(auditor, office.clock.at.plusSeconds(10 * 86_400)).use { asks ->
            fun paper(vararg fields: Pair<String, Any?>) = asks.paper(Json.write(mapOf(*fields)))
            val day = office.clock.at.plusSeconds(5 * 86_400).toString().take(10)
            val key = "ab".repeat(32)
            val edition = paper("what" to "edition", "as_of" to day, "key" to key)
            val proofs = Json.read(paper("what" to "prove_counted", "edition" to edition, "key" to key, "case" to case)) as List<*>
            check(proofs.isNotEmpty()) { edition }
            for (proof in proofs) {
                val said = Json.read(paper("what" to "check_counted", "edition" to edition, "proof" to Json.write(proof))).obj()
                same(case, said["case"])
            }
            same("what" to "unknown_code", thrown<GrievanceException> { paper("what" to "editoin") }.failure().let { it.place to it.code })
        }
    }
    harness.test("readme: its lines work") {
        same(listOf("CITY-2026-000001 is registered"), said { runBlocking { readme.readme() } })
    }
    harness.test("guide: its lines of Kotlin work") {
        val blocks = Regex("(?m)^```(\\w+)$").findAll(testdata.resolve("../../docs/guide/mobile.md").readText()).map { it.groupValues[1] }.toList()
        val others = blocks.filter { it != "kotlin" }
        println("mobile.md: ${blocks.size - others.size} block was run, ${others.size} were not: ${others.joinToString()}")
        same(1, blocks.size - others.size, "blocks of Kotlin")
        val office = Office()
        val problems = mutableListOf<String?>()
        val (number, tracked) = runBlocking {
            guide.guide(office.transport, office.clock, TestRandomness(1), office.vault, office.storage) { place, _, _ -> problems += place }
        }
        same(emptyList<String>(), problems)
        same(office.cases(), listOf(tracked.case))
        same(listOf(number, "registered"), listOf(tracked.number, tracked.phase))
    }
    harness.test("example: complainant-kotlin says what it says") {
        same(File(arguments[1]).readLines(), said { complainant.main() })
    }
    harness.left()
    harness.hostile(System.getenv("GRIEVANCE_HOSTILE")?.toInt() ?: 5_000)
    exitProcess(if (harness.finish()) 0 else 1)
}

/** The lines that something prints. */
private fun said(body: () -> Unit): List<String> {
    val (before, bytes) = System.out to ByteArrayOutputStream()
    System.setOut(PrintStream(bytes, true, "UTF-8"))
    try {
        body()
    } finally {
        System.setOut(before)
    }
    return bytes.toString("UTF-8").lines().filter { it.isNotEmpty() }
}
