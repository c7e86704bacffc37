// The table of settings. Sources name where a default comes from: a promise of the house, an official rule, or a measurement.
#include "platform/config/config.hpp"

namespace motcua::config {
namespace {

using Table = std::vector<Setting>;

Setting number(std::string name, std::int64_t fallback, double min, double max, std::string unit, std::string description, std::string source = "") {
  return {std::move(name), fallback, min, max, std::move(unit), std::move(description), std::move(source), {}};
}
Setting text(std::string name, std::string fallback, std::string description, std::vector<std::string> choices = {}) {
  return {std::move(name), std::move(fallback), {}, {}, "", std::move(description), "", std::move(choices)};
}
Setting flag(std::string name, bool fallback, std::string description) {
  return {std::move(name), fallback, {}, {}, "", std::move(description), "", {}};
}

void add_http(Table& t) {
  t.push_back(text("http.certificate_file", "", "PEM chain of the TLS certificate; empty: no TLS."));
  t.push_back(text("http.key_file", "", "PEM private key of the certificate."));
  t.push_back(number("http.network_threads", 1, 1, 64, "threads", "Threads that read and write sockets.", "one serves > 100 k small requests/s"));
  t.push_back(number("http.worker_threads", 64, 1, 256, "threads", "Threads that run handlers; they wait for the disk together, so many more than cores."));
  t.push_back(number("http.worker_queue_max", 4096, 1, 1e6, "requests", "Requests waiting for a worker; more are answered 503."));
  t.push_back(number("http.newcomers_per_second_max", 0, 0, 1e6, "people/s", "How many people without a session are let in a second, the others wait in line; 0: as many as the house takes without a standing queue."));
  t.push_back(number("http.line_people_max", 1e6, 1, 1e7, "people", "In line before the door, 100 bytes each; later ones are told to come back."));
  t.push_back(number("http.connections_max", 10000, 1, 1e6, "connections", "Open connections; more are closed at once."));
  t.push_back(number("http.header_bytes_max", 16384, 1024, 1048576, "bytes", "Request line and header fields together; more is 431."));
  t.push_back(number("http.target_bytes_max", 8192, 256, 65536, "bytes", "Length of a request target; more is 414.", "RFC 9112, 3: at least 8000"));
  t.push_back(number("http.header_timeout_ms", 10000, 100, 600000, "ms", "From the first byte of a request to the end of its header; then 408."));
  t.push_back(number("http.body_timeout_ms", 30000, 100, 3600000, "ms", "For a body, and one second more for each transfer_rate_min_bytes; then 408."));
  t.push_back(number("http.write_timeout_ms", 30000, 100, 3600000, "ms", "For an answer, and one second more for each transfer_rate_min_bytes."));
  t.push_back(number("http.idle_timeout_ms", 60000, 100, 3600000, "ms", "Between two requests of one connection."));
  t.push_back(number("http.transfer_rate_min_bytes", 2048, 1, 1e9, "bytes/s", "Slowest transfer that is waited for."));
  t.push_back(number("http.stop_grace_ms", 4000, 0, 60000, "ms", "How long requests under way may take to finish when the program is stopped."));
  t.push_back(flag("http.metrics_public", false, "Whether /metrics answers callers from other machines."));
  t.push_back(text("http.trusted_proxies", "", "Addresses, separated by commas, whose X-Forwarded-For and X-Forwarded-Proto are believed."));
}

void add_storage_and_log(Table& t) {
  t.push_back(number("storage.readers_max", 8, 1, 256, "connections", "Connections that read at the same time."));
  t.push_back(number("storage.group_max", 512, 1, 10000, "transactions", "Transactions that share one commit."));
  t.push_back(number("storage.queue_max", 65536, 16, 1e7, "transactions", "Writes waiting for their commit; more are refused."));
  t.push_back(number("storage.cache_bytes", 268435456, 8388608, 1e11, "bytes", "Pages the embedded database's writer keeps in memory; more helps imports into large tables."));
  t.push_back(text("log.level", "info", "Least level that is written.", {"debug", "info", "warning", "error"}));
  t.push_back(text("log.file", "", "File of the log; empty: standard error."));
  t.push_back(number("log.file_bytes_max", 67108864, 65536, 1e10, "bytes", "Size at which the log file is turned over."));
  t.push_back(number("log.files_max", 8, 1, 1000, "files", "Turned-over log files that are kept."));
}

void add_auth(Table& t) {
  t.push_back(number("auth.session_idle_min", 30, 1, 1440, "min", "A session not used for so long ends."));
  t.push_back(number("auth.session_max_min", 720, 5, 10080, "min", "A session ends after so long whatever happens.", "a long shift"));
}

void add_door(Table& t) {
  t.push_back(number("residents.trusted_days", 90, 1, 365, "days", "A resident's device that was called trusted stays signed in so long without use."));
  t.push_back(text("residents.oidc_issuer", "", "Address of an OpenID provider that residents may sign in with, as it names itself; empty: none. Its answers come back to /openid/back."));
  t.push_back(text("residents.oidc_client_id", "", "What that provider calls this installation."));
  t.push_back(text("residents.oidc_client_secret", "", "The secret it gave with it; empty: a public client. Better in the environment than in the file."));
  t.push_back(text("residents.oidc_label_vi", "tài khoản khác", "What the Vietnamese sign-in page calls that provider."));
  t.push_back(text("residents.oidc_label_en", "another account", "What the English sign-in page calls it."));
  t.push_back(flag("residents.oidc_proves", false, "Whether a phone number that this provider calls verified counts like a code sent to it."));
  t.push_back(text("outbound.spool_dir", "", "Folder that SMS Server Tools 3 sends messages from; empty: sms in the data folder."));
}

/// Posters of venues and messages from telephones.
void add_venues(Table& t) {
  t.push_back(text("venues.site", "", "Address of the public pages as posters name it, https://host; empty: as the page was asked for."));
  t.push_back(text("venues.sms_number", "1022", "Number that takes short codes as messages: posters and pages name it."));
  t.push_back(text("smpp.host", "", "Message centre that messages come from and go to over SMPP 3.4; empty: none, messages go through outbound.spool_dir."));
  t.push_back(number("smpp.port", 2775, 1, 65535, "port", "Its port.", "registered for SMPP"));
  t.push_back(text("smpp.system_id", "", "Who we are there."));
  t.push_back(text("smpp.password_file", "", "File with the password of that, at most 8 letters; empty: none."));
}

void add_retention(Table& t) {
  const std::string table = "retention table of the house (promise: deletion leaves a proof)";
  const auto days = [&](const char* name, std::int64_t fallback, double min, double max, const char* what) {
    t.push_back(number(std::string("retention.") + name, fallback, min, max, "days", what, table));
  };
  days("proximity_days", 21, 1, 60, "Raw proximity sightings and uploaded histories.");
  days("visits_days", 21, 1, 60, "Visits and encounters outside an open case's trace.");
  days("visits_after_case_days", 60, 0, 365, "Visits and encounters in a case's trace, counted from its close.");
  days("declarations_days", 30, 1, 365, "Declarations, counted from their expiry.");
  days("cases_pseudonymised_days", 180, 30, 1825, "Until closed cases, their contacts and follow-up lose their people, counted from confirmation.");
  days("cases_days", 1825, 365, 36500, "Cases, contacts and follow-up.");
  days("health_records_days", 3650, 365, 36500, "Tests and doses, counted from sampling and injection.");
  days("declared_days", 365, 30, 3650, "That somebody declared; the answers go earlier (declarations_days).");
  days("exposure_keys_days", 14, 1, 21, "Exposure keys from the end of their period, and export archives.");
  days("unreferred_days", 365, 30, 3650, "App registrations, once no fact names them any more.");
  days("messages_days", 30, 1, 365, "What was told to telephones; one-time codes go at once.");
  days("audit_days", 3650, 365, 36500, "The audit log; what is cut off leaves a signed statement.");
  t.push_back(number("retention.uploads_h", 24, 1, 168, "h", "Uploaded files whose import did not end; one that ended leaves none."));
  t.push_back(number("retention.rejected_days", 21, 1, 60, "days", "Files of rejected rows, which hold what others wrote about people."));
  t.push_back(number("retention.idempotency_h", 24, 1, 168, "h", "First answers to writes with an Idempotency-Key."));
}

/// Keys of phones under the decentralised model.
void add_exposure(Table& t) {
  t.push_back(text("exposure.region", "VN", "Region that export archives of exposure keys name."));
  t.push_back(text("exposure.health_authority", "vn.motcua", "healthAuthorityID of this installation: apps send it, certificates name it."));
  t.push_back(text("exposure.signing_key_id", "452", "Id of the signing key in export archives: the country's mobile code."));
  t.push_back(number("exposure.signing_key_version", 1, 1, 1000, "version", "Version of the keys that sign archives and certificates; one more makes new keys at the next start."));
  t.push_back(number("exposure.export_period_min", 240, 1, 1440, "min", "How often an export archive is closed; nothing of an upload is told, or kept, more precisely.",
                     "the reference server's guide: 4 to 24 hours"));
  t.push_back(number("exposure.export_keys_min", 200, 0, 100000, "keys", "Least keys of an archive; made-up ones fill it up, and up to a fifth more."));
  t.push_back(number("exposure.code_lifetime_min", 60, 5, 1440, "min", "How long a code for publishing keys can be used.", "a phone call and some time to find the app"));
}

/// Passes at gates.
void add_passes(Table& t) {
  t.push_back(number("declarations.pass_key_version", 1, 1, 1000, "version", "Version of the key that signs passes; one more signs with the next at the next start. Gates know the next one already."));
  t.push_back(number("declarations.pass_key_oldest", 1, 1, 1000, "version", "Oldest version that passes may still be signed with; raise it when a key was lost to others."));
}

/// A visit whose end nobody recorded counts as this long.
void add_visits(Table& t) {
  const auto stay = [&](const char* kind, std::int64_t minutes, const char* what) {
    t.push_back(number(std::string("visits.") + kind + "_stay_min", minutes, 1, 2880, "min", what, "default of the exchange formats"));
  };
  stay("venue", 60, "Stay at a venue (shop, restaurant, market, place of worship) without a recorded end.");
  stay("vehicle", 45, "Ride in a bus, taxi or train without a recorded end.");
  stay("flight", 120, "Flight without a recorded end.");
  stay("household", 1440, "Day at home without a recorded end.");
  stay("work", 480, "Day at work without a recorded end.");
  stay("school", 480, "Day at school without a recorded end.");
  stay("health", 120, "Visit to a hospital, clinic or health station without a recorded end.");
}

void add_imports(Table& t) {
  t.push_back(number("imports.upload_bytes_max", 2147483648, 1048576, 1e11, "bytes", "Largest file that can be uploaded from a page.",
                     "ten million declarations, packed"));
  t.push_back(number("imports.batch_rows", 50000, 100, 1000000, "rows", "Rows of `motcua import` that share a transaction: more is faster in large tables, and others' writes wait longer."));
}

}  // namespace

const std::vector<Setting>& platform_settings() {
  static const Table table = [] {
    Table t;
    add_http(t);
    add_storage_and_log(t);
    add_auth(t);
    add_door(t);
    add_venues(t);
    add_retention(t);
    add_visits(t);
    add_imports(t);
    add_exposure(t);
    add_passes(t);
    return t;
  }();
  return table;
}

}  // namespace motcua::config
