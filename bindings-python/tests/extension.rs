//! What Python loads was built: the extension of this very run, which `scripts/python` takes along.

/// Cargo puts the extension beside this test. Python finds a module by its `PyInit_…`.
#[test]
fn the_extension_has_the_name_that_python_loads() {
    let own = std::env::current_exe().expect("a test has a path");
    let name = format!("{}grievance_python{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let bytes = std::fs::read(own.with_file_name(name)).expect("the extension stands beside its test");
    let sought = b"PyInit__native";
    assert!(bytes.windows(sought.len()).any(|at| at == sought), "the extension exports no such module");
}
