// The Kotlin sources as a JVM library. An Android module takes the same source folder: see docs/guide/mobile.md.
// `make test` does not use Gradle: scripts/mobile compiles the sources and runs the tests.
plugins {
    kotlin("jvm") version "2.4.20"
    `java-library`
}

group = "dev.grievance"
version = "0.1.0"

repositories {
    mavenCentral()
}

dependencies {
    api("org.jetbrains.kotlinx:kotlinx-coroutines-core:1.10.2")
    implementation("net.java.dev.jna:jna:5.17.0")
}

kotlin {
    jvmToolchain(17)
    sourceSets["main"].kotlin.srcDir("src")
}
