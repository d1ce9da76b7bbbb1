//! Serves the portal's one route on a local port.
//!
//! ```sh
//! cargo run -p grievance-axum-portal -- "host=/run/postgresql user=grievance dbname=grievance"
//! curl -d '{"form": "…", "person": "…", "ward": "7", "narrative": "No water since Monday."}' \
//!      -H 'content-type: application/json' http://127.0.0.1:3000/grievances
//! ```

use grievance_axum_portal::{Portal, TABLE, connect, router};
use grievance_core::store::keys::{Key, KeyRing};
use grievance_core::{Desk, PostgresStore, Rulebook, TenantCode};
use std::error::Error;
use std::sync::Arc;

fn main() -> Result<(), Box<dyn Error>> {
    let config = std::env::args().nth(1).ok_or("say how to connect: \"host=… user=… dbname=…\"")?;
    // The desk is opened before the runtime: its store blocks.
    let tenant = TenantCode::new("haldia")?;
    // The secret that texts are sealed with is the portal's: from a file that only it can read.
    let secret = std::fs::read(std::env::args().nth(2).ok_or("name the file with the secret")?)?;
    let keys = KeyRing::new(Key::new("portal", secret.trim_ascii())?, Vec::new())?;
    let desk = Desk::open(PostgresStore::open(&config)?.tenant(&tenant), tenant, keys);
    let rulebook = "extends = \"city-311\"\nname = \"Haldia\"\nzone = \"Asia/Kolkata\"";
    desk.activate(Rulebook::from_toml(rulebook)?, chrono::Utc::now())?;

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let config: tokio_postgres::Config = config.parse()?;
        let client = connect(&config).await?;
        client.batch_execute(TABLE).await?;
        let portal = Portal { desk, config, client: client.into(), now: chrono::Utc::now };
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 3000)).await?;
        axum::serve(listener, router(Arc::new(portal))).await?;
        Ok(())
    })
}
