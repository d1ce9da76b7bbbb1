//! What Node loads was built: the addon of this very run, which `scripts/node` takes along.

/// Cargo puts the addon beside this test. Node finds a module by its `napi_register_module_v1`.
#[test]
fn the_addon_registers_itself_as_node_expects() {
    let own = std::env::current_exe().expect("a test has a path");
    let name = format!("{}grievance_node{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
    let bytes = std::fs::read(own.with_file_name(name)).expect("the addon stands beside its test");
    let sought = b"napi_register_module_v1";
    assert!(bytes.windows(sought.len()).any(|at| at == sought), "the addon exports no such function");
}
