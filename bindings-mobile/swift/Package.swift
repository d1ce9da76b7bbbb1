// swift-tools-version:5.9
// The Swift sources over the library as an xcframework, which docs/guide/mobile.md tells how to build.
import PackageDescription

let package = Package(
    name: "GrievanceMobile",
    platforms: [.iOS(.v13), .macOS(.v10_15)],
    products: [.library(name: "GrievanceMobile", targets: ["GrievanceMobile"])],
    targets: [
        .binaryTarget(name: "GrievanceMobileFFI", path: "GrievanceMobileFFI.xcframework"),
        .target(
            name: "GrievanceMobile",
            dependencies: ["GrievanceMobileFFI"],
            path: "Sources",
            exclude: ["GrievanceMobileFFI.h", "GrievanceMobileFFI.modulemap"]
        ),
    ]
)
