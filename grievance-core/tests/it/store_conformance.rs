//! Every store of ours keeps every promise.

mod memory {
    use grievance_core::store::memory::MemoryStore;

    grievance_core::store_conformance!({
        let store = MemoryStore::default();
        move |tenant: &_| store.tenant(tenant) as _
    });
}

#[cfg(feature = "sqlite")]
mod sqlite_in_memory {
    use grievance_core::sql::sqlite::SqliteStore;

    grievance_core::store_conformance!({
        let store = SqliteStore::open_in_memory().unwrap();
        move |tenant: &_| store.tenant(tenant) as _
    });
}

#[cfg(feature = "sqlite")]
mod sqlite_file {
    use grievance_core::sql::sqlite::SqliteStore;

    grievance_core::store_conformance!({
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path().join("cases.sqlite")).unwrap();
        move |tenant: &_| {
            let _alive = &folder;
            store.tenant(tenant) as _
        }
    });
}

#[cfg(feature = "postgres")]
mod postgres {
    grievance_core::store_conformance!({
        let Some(store) = crate::pg::store() else { return };
        move |tenant: &_| store.tenant(tenant) as _
    });
}
