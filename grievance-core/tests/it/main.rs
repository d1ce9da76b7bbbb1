//! Tests, a module per concept.

#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

mod access_desk;
mod access_matrix;
#[cfg(feature = "conformance")]
mod access_scope;
mod attack;
mod bad_input;
mod behaviour_afterwards;
mod behaviour_closing;
mod behaviour_hearing;
mod behaviour_intake;
mod behaviour_joining;
mod behaviour_movement;
mod calendar_bad;
mod calendar_laws;
mod calendar_model;
mod calendar_rulebook;
mod calendar_vectors;
#[cfg(all(feature = "messages", feature = "render"))]
mod canary;
mod canonical;
#[cfg(feature = "messages")]
mod counter;
mod cursor;
mod delivery_report;
mod desk_activation;
mod desk_commands;
mod desk_memory;
mod desk_numbers;
mod desk_support;
mod desk_views;
mod dice;
#[cfg(feature = "postgres")]
mod erasure_race;
mod explained;
mod flat;
mod guide;
mod hostile;
#[cfg(feature = "import")]
mod import_bad;
#[cfg(feature = "import")]
mod import_cities;
#[cfg(feature = "import")]
mod import_derive;
#[cfg(feature = "import")]
mod import_kinds;
#[cfg(all(feature = "import", feature = "sqlite"))]
mod import_main_job;
#[cfg(feature = "import")]
mod import_map;
#[cfg(feature = "import")]
mod import_support;
mod index;
mod index_hand;
mod json_schema;
#[cfg(all(unix, feature = "sqlite"))]
mod kill;
mod ladder;
mod languages;
mod law_draw;
mod law_life;
mod law_model;
mod law_plan;
mod layers;
#[cfg(feature = "sqlite")]
mod ledger_standing;
mod letters;
mod measure_as_of;
mod measure_asked;
mod measure_casebook;
mod measure_cases;
mod measure_cases_cities;
mod measure_cases_hand;
mod measure_figures;
mod measure_flow;
mod measure_flows;
#[cfg(feature = "conformance")]
mod measure_gpr;
mod measure_histories;
mod measure_laws;
mod measure_ledger;
mod measure_ledger_dashboard;
mod measure_ledger_hand;
mod measure_levels;
mod measure_only;
mod measure_oracle;
mod measure_pack;
mod measure_pack_edition;
mod measure_pack_hand;
mod measure_pack_schema;
mod measure_parts;
mod measure_published;
mod measure_quality;
#[cfg(all(feature = "conformance", feature = "sqlite"))]
mod measure_question;
#[cfg(all(feature = "conformance", feature = "sqlite"))]
mod measure_question_cities;
mod measure_rates;
mod measure_rollup;
mod measure_stays;
mod measure_survival;
mod measure_table;
#[cfg(all(feature = "conformance", feature = "sqlite"))]
mod measure_targets;
#[cfg(all(feature = "conformance", feature = "sqlite"))]
mod measure_targets_recount;
mod measure_trends;
#[cfg(all(feature = "import", feature = "conformance", feature = "sqlite"))]
mod measure_truths;
#[cfg(feature = "render")]
mod measure_untold;
mod measure_waiting;
mod measure_workdays;
#[cfg(feature = "messages")]
mod message_gateway;
mod message_lengths;
#[cfg(feature = "messages")]
mod message_render;
mod message_texts;
mod mobile;
#[cfg(feature = "messages")]
mod notices_edition;
#[cfg(feature = "messages")]
mod notices_storm;
mod number;
mod office;
mod otp;
mod otp_store;
mod paper;
#[cfg(feature = "postgres")]
mod pg;
#[cfg(feature = "postgres")]
mod pg_pooler;
#[cfg(all(feature = "messages", feature = "sqlite"))]
mod poison;
#[cfg(all(feature = "postgres", feature = "conformance"))]
mod postgres;
#[cfg(feature = "conformance")]
mod practice;
#[cfg(feature = "messages")]
mod preferences;
mod presets;
mod proof_audit;
mod proof_checkpoint;
mod proof_file;
mod proof_receipt;
mod proof_support;
#[cfg(feature = "sqlite")]
mod proof_tamper;
mod proof_tree;
mod quality;
mod races;
#[cfg(feature = "render")]
mod render_pack;
#[cfg(feature = "render")]
mod render_pack_behind;
mod render_pack_closed;
mod render_pack_opened;
#[cfg(feature = "xlsx")]
mod render_pack_workbook;
#[cfg(feature = "render")]
mod render_rejects;
#[cfg(feature = "render")]
mod render_statement;
mod retimed;
mod rulebook_foreign;
mod rulebook_lint;
mod rulebook_lint_office;
mod rulebook_mutations;
mod rulebook_read;
mod rulebook_succession;
mod scenario;
mod scenario_file;
mod scenario_runner;
#[cfg(feature = "schema")]
mod schema;
#[cfg(feature = "schema")]
mod schema_mutations;
#[cfg(all(feature = "schema", feature = "conformance"))]
mod schema_reports;
#[cfg(feature = "schema")]
mod schema_truth;
mod second_look;
mod sim_model;
mod sim_office;
mod sim_years;
#[cfg(feature = "messages")]
mod slips;
mod sms;
mod sms_pull;
#[cfg(feature = "sql")]
mod sql_lint;
#[cfg(all(feature = "conformance", feature = "sqlite", feature = "postgres"))]
mod sql_said;
#[cfg(feature = "messages")]
mod statement_told;
#[cfg(feature = "conformance")]
mod store_broken;
#[cfg(feature = "conformance")]
mod store_conformance;
#[cfg(feature = "conformance")]
mod store_faults;
#[cfg(feature = "conformance")]
mod store_foreign;
#[cfg(all(feature = "sqlite", feature = "conformance"))]
mod store_model;
#[cfg(feature = "sql")]
mod store_sql;
mod store_whole;
mod sweep;
mod target_change;
mod target_kinds;
mod target_model;
mod target_rules;
mod telling;
mod telling_language;
mod time_mistakes;
mod vault_keep;
mod vault_keys;
mod vault_people;
mod vault_seal;
mod verified;
#[cfg(feature = "messages")]
mod windows;
mod wire;
mod wire_events;
mod workflow_table;
