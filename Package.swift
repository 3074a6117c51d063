// swift-tools-version: 6.2
// Messo Seller Center. Arrows mean "imports"; SellerCenter, the executable, starts and joins all of them.
//
//   SellerCenter ─► FastCGI ─► CFastCGI, CShims
//        ├────► Crypto ─► COpenSSL
//        ├────► Documents ─► Contract
//        └────► Controllers ─► Engine ─► MariaDB ─► CMariaDB, CShims
//                    │            ├────► Wire ─► XML ─► CLibXML2
//                    │            │        └──────┴───► Charsets (imports nothing)
//                    └────────────┴────► Contract (imports nothing)
import PackageDescription

/// The settings of every target: Swift 6 mode with complete concurrency checking, and warnings are errors.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),  // SE-0335
    .enableUpcomingFeature("MemberImportVisibility"),  // SE-0444
    .enableUpcomingFeature("InternalImportsByDefault"),  // SE-0409
    .treatAllWarnings(as: .error),
]

/// The settings of the C wrappers and the byte buffer, which must mark each unsafe use (SE-0458).
let strictAboutMemory: [SwiftSetting] = strict + [.strictMemorySafety()]

let package = Package(
    name: "seller-center",
    products: [.executable(name: "seller-center", targets: ["SellerCenter"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .systemLibrary(name: "CFastCGI", pkgConfig: "fcgi", providers: [.apt(["libfcgi-dev"])]),
        .systemLibrary(name: "CMariaDB", pkgConfig: "libmariadb", providers: [.apt(["libmariadb-dev"])]),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "CShims"),

        .target(name: "Contract", swiftSettings: strict),
        .target(name: "FastCGI", dependencies: ["CFastCGI", "CShims"], swiftSettings: strictAboutMemory),
        .target(name: "MariaDB", dependencies: ["CMariaDB", "CShims"], swiftSettings: strictAboutMemory),
        .target(name: "Charsets", swiftSettings: strictAboutMemory),
        .target(name: "XML", dependencies: ["CLibXML2", "Charsets"], swiftSettings: strictAboutMemory),
        .target(name: "Wire", dependencies: ["Charsets", "Contract", "XML"], swiftSettings: strictAboutMemory),
        .target(name: "Crypto", dependencies: ["COpenSSL"], swiftSettings: strictAboutMemory),
        .target(name: "Documents", dependencies: ["Contract"], swiftSettings: strict),
        .target(
            name: "Engine", dependencies: ["CShims", "Contract", "MariaDB", "Wire"], swiftSettings: strict),
        // It imports neither MariaDB nor Wire, but its code has the layout of their types in it, so that it must be compiled
        // again when these change.
        .target(name: "Controllers", dependencies: ["Contract", "Engine", "MariaDB", "Wire"], swiftSettings: strict),
        .executableTarget(
            name: "SellerCenter",
            dependencies: [
                "CShims", "Contract", "Controllers", "Crypto", "Documents", "Engine", "FastCGI", "MariaDB", "Wire",
                "XML",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: strict),

        .testTarget(
            name: "ContractTests", dependencies: ["Contract"], exclude: ["cases.json", "extract-cases.py"],
            swiftSettings: strict),
        .testTarget(name: "CryptoTests", dependencies: ["Crypto"], swiftSettings: strict),
        .testTarget(name: "CharsetsTests", dependencies: ["Charsets"], swiftSettings: strict),
        .target(name: "Fuzz", path: "Tests/Fuzz", swiftSettings: strict),
        .testTarget(name: "WireTests", dependencies: ["Contract", "Fuzz", "Wire", "XML"], swiftSettings: strict),
        .testTarget(name: "XMLTests", dependencies: ["Fuzz", "XML"], swiftSettings: strict),
        .testTarget(
            name: "MariaDBTests", dependencies: ["CShims", "MariaDB"], exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "EngineTests", dependencies: ["CShims", "Contract", "Engine", "MariaDB", "Wire"],
            swiftSettings: strict),
        .testTarget(
            name: "ControllersTests", dependencies: ["Contract", "Controllers", "Engine", "MariaDB"],
            swiftSettings: strict),
        .testTarget(
            name: "DocumentsTests", dependencies: ["Contract", "Controllers", "Documents", "Wire"],
            exclude: ["Golden", "judge_examples.py", "judge_wsdl.py"], swiftSettings: strict),
    ]
)
