package dev.grievance.mobile.test

/** Enough JSON for scenario files: maps, lists, texts, numbers as Long, truth values, null. */
object Json {
    private val SHORT = mapOf('\b' to 'b', '\t' to 't', '\n' to 'n', '\u000c' to 'f', '\r' to 'r')

    fun read(text: String): Any? = Reader(text).run {
        val value = value()
        blanks()
        require(at == text.length) { "something follows the value" }
        value
    }

    fun write(value: Any?): String = when (value) {
        null -> "null"
        is Map<*, *> -> value.entries.joinToString(",", "{", "}") { "${quoted(it.key as String)}:${write(it.value)}" }
        is List<*> -> value.joinToString(",", "[", "]") { write(it) }
        is String -> quoted(value)
        else -> value.toString()
    }

    private fun quoted(text: String): String = buildString {
        append('"')
        for (c in text) {
            when {
                c == '"' || c == '\\' -> append('\\').append(c)
                c in SHORT -> append('\\').append(SHORT[c])
                c < ' ' -> append("\\u%04x".format(c.code))
                else -> append(c)
            }
        }
        append('"')
    }

    private class Reader(private val text: String) {
        var at = 0

        fun blanks() {
            while (at < text.length && text[at] in " \t\r\n") at++
        }

        fun value(): Any? {
            blanks()
            return when (text[at]) {
                '{' -> buildMap { items('}') { val key = string(); take(':'); put(key, value()) } }
                '[' -> buildList { items(']') { add(value()) } }
                '"' -> string()
                else -> bare()
            }
        }

        private fun take(c: Char) {
            blanks()
            require(text[at] == c) { "expected $c at $at" }
            at++
        }

        private fun items(end: Char, item: () -> Unit) {
            at++
            blanks()
            while (text[at] != end) {
                item()
                blanks()
                if (text[at] == ',') at++ else require(text[at] == end) { "expected $end at $at" }
            }
            at++
        }

        private fun string(): String = buildString {
            take('"')
            while (text[at] != '"') {
                val c = text[at++]
                if (c != '\\') { append(c); continue }
                when (val escaped = text[at++]) {
                    'n' -> append('\n')
                    't' -> append('\t')
                    'r' -> append('\r')
                    'b' -> append('\b')
                    'f' -> append('\u000c')
                    'u' -> { append(text.substring(at, at + 4).toInt(16).toChar()); at += 4 }
                    else -> append(escaped)
                }
            }
            at++
        }

        private fun bare(): Any? {
            val end = (at..text.length).first { it == text.length || text[it] in ",]} \t\r\n" }
            val word = text.substring(at, end)
            at = end
            return when (word) {
                "null" -> null
                "true" -> true
                "false" -> false
                // 7.0 is the number 7.
                else -> word.toLongOrNull() ?: word.toDouble().let { if (it % 1.0 == 0.0) it.toLong() else it }
            }
        }
    }
}
