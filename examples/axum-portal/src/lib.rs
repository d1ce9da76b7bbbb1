//! A portal's handler in async Rust: its own row and the grievance are stored in one transaction, on
//! the portal's own connection.
//!
//! The desk decides and stores nothing ([`prepare`](grievance_core::desk::Acting::prepare)); the
//! portal runs the commit's statements beside its own. The desk's store blocks, so it is asked on a
//! thread that may; the transaction is async from beginning to end.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use grievance_core::desk::{Preparation, Ready};
use grievance_core::grievance::request::{Lodge, Request};
use grievance_core::sql::Dialect;
use grievance_core::{Actor, CommandId, Desk, DeskError, Done, PersonId, Remedy};
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config, NoTls};

/// The table of the portal's own, beside those of the library.
pub const TABLE: &str = "CREATE TABLE IF NOT EXISTS portal_form (
    form TEXT PRIMARY KEY, ward TEXT NOT NULL CHECK (length(ward) < 20), case_id TEXT NOT NULL)";

/// How often a form is tried when others are in the way.
const TRIES: usize = 8;

/// What the handler needs.
pub struct Portal {
    /// Decides; its store is in the same database.
    pub desk: Desk,
    /// How the portal connects, without TLS: to a socket of its own machine.
    pub config: Config,
    /// The portal's own connection, made anew when it broke. A portal with many visitors has a pool
    /// here.
    pub client: Mutex<Client>,
    /// The portal's clock.
    pub now: fn() -> DateTime<Utc>,
}

/// What a visitor sends.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Form {
    /// Drawn by the page when it is opened: the same form, sent again, is the same grievance.
    pub form: uuid::Uuid,
    /// Who it is: a portal takes this from its log-in, not from the page.
    pub person: uuid::Uuid,
    /// The portal's own field; the library knows nothing of wards.
    pub ward: String,
    /// The complaint.
    pub narrative: String,
    /// What it is about, by the rulebook's code.
    pub category: Option<String>,
}

/// What the visitor is told.
#[derive(Debug, serde::Serialize)]
pub struct Answer {
    /// The registration number.
    pub number: Option<String>,
}

/// Why nothing was stored: a status, and a sentence without anybody's words.
type Refused = (StatusCode, String);

/// The portal's one route.
pub fn router(portal: Arc<Portal>) -> Router {
    Router::new().route("/grievances", post(lodge)).with_state(portal)
}

/// Stores a form and its grievance, both or neither.
async fn lodge(
    State(portal): State<Arc<Portal>>,
    Json(form): Json<Form>,
) -> Result<(StatusCode, Json<Answer>), Refused> {
    for _ in 0..TRIES {
        let ready = match prepare(&portal, &form).await? {
            Preparation::Ready(ready) => ready,
            // The answer was lost on its way, and the visitor sent the form again.
            Preparation::Done(done) => return Ok((StatusCode::OK, answer(&done))),
        };
        match portal.store(&form, &ready).await {
            Ok(true) => return Ok((StatusCode::CREATED, answer(&ready.done))),
            Ok(false) => {}
            Err(problem) if is_worth_another_try(&problem) => {}
            Err(problem) if problem.code() == Some(&SqlState::CHECK_VIOLATION) => {
                return Err((StatusCode::UNPROCESSABLE_ENTITY, "the ward is not one of ours".to_owned()));
            }
            Err(_) => return Err((StatusCode::INTERNAL_SERVER_ERROR, "the storage failed".to_owned())),
        }
    }
    Err((StatusCode::SERVICE_UNAVAILABLE, "others are in the way; send it again".to_owned()))
}

fn answer(done: &Done) -> Json<Answer> {
    Json(Answer { number: done.number.as_ref().map(ToString::to_string) })
}

/// Lets the desk decide, on a thread that may wait for the database.
async fn prepare(portal: &Arc<Portal>, form: &Form) -> Result<Preparation, Refused> {
    let (portal, form) = (Arc::clone(portal), form.clone());
    let deciding = tokio::task::spawn_blocking(move || {
        let citizen = Actor {
            person: PersonId::from_uuid(form.person),
            role: "complainant".parse().expect("a plain word is a code"),
            unit: None,
            post: None,
            tenure: None,
            on_behalf_of: None,
        };
        let request =
            Request::Lodge(Lodge { narrative: form.narrative, category: form.category, ..Lodge::default() });
        let desk = portal.desk.by(&citizen, (portal.now)()).command(CommandId::from_uuid(form.form));
        desk.prepare(None, &request)
    });
    deciding.await.expect("the desk does not panic").map_err(|problem| refused(&problem))
}

fn refused(problem: &DeskError) -> Refused {
    let status = match problem.remedy() {
        Remedy::Amend => StatusCode::UNPROCESSABLE_ENTITY,
        Remedy::Reload => StatusCode::CONFLICT,
        Remedy::Retry | Remedy::Wait => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, problem.to_string())
}

/// Somebody was first, the database took the transaction back, or the connection broke: the form's
/// identity is the command's, so nothing is done twice.
fn is_worth_another_try(problem: &tokio_postgres::Error) -> bool {
    let first =
        [SqlState::UNIQUE_VIOLATION, SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED];
    // What broke names no state, or that the server shut the connection: class 57P.
    let broke = problem.is_closed() || problem.code().is_none_or(|code| code.code().starts_with("57P"));
    broke || problem.code().is_some_and(|code| first.contains(code))
}

/// A connection of the portal's own.
///
/// # Errors
///
/// When the server cannot be reached, or refuses.
pub async fn connect(config: &Config) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = config.connect(NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

impl Portal {
    /// Writes the portal's row and the commit in one transaction. `false` when a row was not as the
    /// commit expects it: nothing is written then.
    async fn store(&self, form: &Form, ready: &Ready) -> Result<bool, tokio_postgres::Error> {
        let mut client = self.client.lock().await;
        if client.is_closed() {
            *client = connect(&self.config).await?;
        }
        let transaction = client.transaction().await?;
        let (id, case) = (form.form.to_string(), ready.done.case.to_string());
        let insert = "INSERT INTO portal_form VALUES ($1, $2, $3)";
        transaction.execute(insert, &[&id, &form.ward, &case]).await?;
        for statement in ready.commit.statements(self.desk.tenant(), Dialect::Postgres) {
            let values: Vec<(&(dyn ToSql + Sync), Type)> =
                statement.values.iter().map(|value| (value as _, value.kind())).collect();
            let rows = transaction.execute_typed(statement.sql, &values).await?;
            if statement.expect_rows.is_some_and(|expected| expected != rows) {
                // Dropped without a commit, the transaction is rolled back.
                return Ok(false);
            }
        }
        transaction.commit().await?;
        Ok(true)
    }
}
