//! The handler against a real server: the portal's row and the grievance, both or neither.
#![allow(clippy::unwrap_used)]

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use grievance_axum_portal::{Portal, TABLE, router};
use grievance_core::sql::postgres::{Durability, PostgresOptions, PostgresStore};
use grievance_core::store::keys::KeyRing;
use grievance_core::{Desk, Rulebook, TenantCode};
use serde_json::{Value, json};
use std::io::Write as _;
use std::sync::Arc;
use tokio_postgres::{Client, Config};
use tower::ServiceExt as _;

fn form(n: u128, ward: &str) -> Value {
    let form = uuid::Uuid::from_u128(n);
    json!({"form": form, "person": uuid::Uuid::from_u128(7), "ward": ward, "narrative": "No water since Monday."})
}

async fn send(portal: &Arc<Portal>, form: &Value) -> (StatusCode, String) {
    let request = Request::post("/grievances").header("content-type", "application/json");
    let request = request.body(Body::from(form.to_string())).unwrap();
    let answer = router(Arc::clone(portal)).oneshot(request).await.unwrap();
    let status = answer.status();
    let body = to_bytes(answer.into_body(), 10_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn connect(config: &Config) -> Client {
    grievance_axum_portal::connect(config).await.unwrap()
}

async fn rows(client: &Client) -> (i64, i64) {
    let counts = "SELECT (SELECT count(*) FROM portal_form), (SELECT count(*) FROM grievance)";
    let row = client.query_one(counts, &[]).await.unwrap();
    (row.get(0), row.get(1))
}

#[test]
fn a_form_and_its_grievance_are_stored_together() {
    let Ok(server) = std::env::var("GRIEVANCE_PG") else {
        let said =
            b"\naxum-portal: GRIEVANCE_PG is not set, so its test SKIPS (scripts/pg starts a server)\n";
        std::io::stderr().write_all(said).unwrap();
        return;
    };
    let server: Config = server.parse().unwrap();
    let name = format!("grievance_portal_{}", std::process::id());
    let mut config = server.clone();
    config.dbname(&name);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let admin = runtime.block_on(connect(&server));
    runtime.block_on(admin.batch_execute(&format!("CREATE DATABASE {name}"))).unwrap();

    // The driver that blocks reads the same words.
    let words = format!("{} dbname={name}", std::env::var("GRIEVANCE_PG").unwrap());
    let blocking: grievance_core::sql::postgres::postgres::Config = words.parse().unwrap();
    let options = PostgresOptions { durability: Durability::AsConfigured, ..PostgresOptions::default() };
    let store = PostgresStore::open_with(
        move || blocking.connect(grievance_core::sql::postgres::postgres::NoTls),
        &options,
    )
    .unwrap();
    let tenant = TenantCode::new("haldia").unwrap();
    let desk = Desk::open(store.tenant(&tenant), tenant, KeyRing::for_tests());
    let now = || "2026-11-23T05:00:00Z".parse().unwrap();
    let rulebook = "extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"";
    desk.activate(Rulebook::from_toml(rulebook).unwrap(), now()).unwrap();

    runtime.block_on(async {
        let client = connect(&config).await;
        client.batch_execute(TABLE).await.unwrap();
        let watch = connect(&config).await;
        let portal = Arc::new(Portal { desk, config: config.clone(), client: client.into(), now });

        let (status, body) = send(&portal, &form(1, "7")).await;
        assert_eq!((status, body.as_str()), (StatusCode::CREATED, r#"{"number":"CITY-2026-000001"}"#));
        assert_eq!(rows(&watch).await, (1, 1));
        // The same form again: the same answer, and nothing more.
        let (status, again) = send(&portal, &form(1, "7")).await;
        assert_eq!((status, again), (StatusCode::OK, body));
        assert_eq!(rows(&watch).await, (1, 1));

        // The portal's row is refused: no grievance either.
        let (status, _) = send(&portal, &form(2, "a ward that is far too long")).await;
        assert_eq!((status, rows(&watch).await), (StatusCode::UNPROCESSABLE_ENTITY, (1, 1)));
        // The desk refuses: no row of the portal.
        let mut empty = form(3, "7");
        empty["narrative"] = json!("");
        let (status, _) = send(&portal, &empty).await;
        assert_eq!((status, rows(&watch).await), (StatusCode::UNPROCESSABLE_ENTITY, (1, 1)));

        // The same form twenty times at once is one grievance; twenty forms at once are twenty.
        let at_once = |forms: Vec<Value>| {
            let portal = Arc::clone(&portal);
            async move {
                let sent = forms.into_iter().map(|form| {
                    let portal = Arc::clone(&portal);
                    tokio::spawn(async move { send(&portal, &form).await })
                });
                let mut bodies = std::collections::BTreeSet::new();
                for answer in sent.collect::<Vec<_>>() {
                    let (status, body) = answer.await.unwrap();
                    assert!(status.is_success(), "{status} {body}");
                    bodies.insert(body);
                }
                bodies.len()
            }
        };
        assert_eq!(at_once(vec![form(4, "7"); 20]).await, 1);
        assert_eq!(rows(&watch).await, (2, 2));
        assert_eq!(at_once((100..120).map(|n| form(n, "7")).collect()).await, 20);
        assert_eq!(rows(&watch).await, (22, 22));

        // The server ends every connection but the one that watches, and the next form is stored.
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        for (n, is_closed) in [(200, false), (201, true)] {
            watch.execute(end, &[]).await.unwrap();
            while is_closed && !portal.client.lock().await.is_closed() {
                tokio::task::yield_now().await;
            }
            let (status, body) = send(&portal, &form(n, "7")).await;
            assert_eq!(status, StatusCode::CREATED, "{body}");
        }
        assert_eq!(rows(&watch).await, (24, 24));
    });
    let _ = runtime.block_on(admin.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")));
}
