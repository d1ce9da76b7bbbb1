package dev.grievance.mobile.test

/** Runs tests one after the other and sums them in cargo's words. */
class Harness(private val only: String?) {
    private var passed = 0
    private val failed = mutableListOf<String>()

    fun test(name: String, body: () -> Unit) {
        if (only != null && only !in name) return
        try {
            body()
            passed++
        } catch (problem: Throwable) {
            failed += name
            println("---- $name ----")
            problem.printStackTrace(System.out)
        }
    }

    fun finish(): Boolean {
        failed.forEach { println("failed: $it") }
        val word = if (failed.isEmpty() && passed > 0) "ok" else "FAILED"
        println("test result: $word. $passed passed; ${failed.size} failed; 0 ignored")
        return word == "ok"
    }
}

fun check(condition: Boolean, said: () -> Any) {
    if (!condition) throw AssertionError(said().toString())
}

fun same(wanted: Any?, found: Any?, place: String = "") {
    check(wanted == found) { "$place: found $found, wanted $wanted" }
}

/** What was thrown; an error where nothing was. */
inline fun <reified E : Throwable> thrown(body: () -> Unit): E {
    try {
        body()
    } catch (problem: Throwable) {
        if (problem is E) return problem
        throw AssertionError("threw ${problem::class.qualifiedName}, wanted ${E::class.qualifiedName}", problem)
    }
    throw AssertionError("nothing was thrown, wanted ${E::class.qualifiedName}")
}
