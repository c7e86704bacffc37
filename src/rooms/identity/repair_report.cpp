#include "rooms/identity/repair_report.hpp"

#include <array>

#include "platform/intake/csv_writer.hpp"

namespace motcua::identity {
namespace {

constexpr std::size_t pending_bytes_max = 256 * 1024;
constexpr std::array<std::string_view, repair_fields> field_names{"full_name", "birth_date", "phone", "id_number"};
constexpr std::array<std::string_view, 4> outcome_names{"right", "repaired", "review", "left"};

}  // namespace

std::string_view to_text(RepairOutcome outcome) { return outcome_names[static_cast<std::size_t>(outcome)]; }
std::string_view to_text(RepairField field) { return field_names[static_cast<std::size_t>(field)]; }

RepairReport::RepairReport(std::string path, const i18n::Texts& texts, std::string lang)
    : path_(std::move(path)), lang_(std::move(lang)), texts_(texts), file_(std::fopen((path_ + ".part").c_str(), "wbe")), failed_(file_ == nullptr) {
  pending_ = "row,dose_id,outcome,reason,person_id,probability,wrong";
  for (const auto name : field_names)
    for (const char* what : {"", "_should_say", "_source"}) ((pending_ += ',') += name) += what;
  pending_ += '\n';
}

RepairReport::~RepairReport() {
  if (file_ != nullptr) std::fclose(file_);
}

std::string RepairReport::reason_of(const RepairRow& row) const {
  if (row.reason.empty()) return {};
  if (row.reason == "unreadable") return texts_.sentence(lang_, row.failure);
  return texts_.text(lang_, "identity.repair_reason_" + row.reason);
}

void RepairReport::add(const RepairRow& row) {
  std::string wrong;
  for (std::size_t f = 0; f < repair_fields; ++f)
    if (!row.words[f].should_say.reveal().empty()) (wrong += wrong.empty() ? "" : ";") += field_names[f];
  std::array<char, 16> probability{};
  if (!row.person_id.empty()) std::snprintf(probability.data(), probability.size(), "%.4f", row.probability);
  const auto field = [&](std::string_view text) { intake::append_csv_field(pending_ += ',', text); };
  pending_ += std::to_string(row.row);
  field(row.dose_id), field(to_text(row.outcome)), field(reason_of(row)), field(row.person_id), field(probability.data()), field(wrong);
  for (const RepairWord& word : row.words) field(word.says.reveal()), field(word.should_say.reveal()), field(word.source.reveal());
  pending_ += '\n';
  if (pending_.size() >= pending_bytes_max) write_out();
}

void RepairReport::write_out() {
  if (!failed_ && std::fwrite(pending_.data(), 1, pending_.size(), file_) != pending_.size()) failed_ = true;
  pending_.clear();
}

Result<void> RepairReport::finish() {
  write_out();
  if (file_ != nullptr && std::fclose(file_) != 0) failed_ = true;
  file_ = nullptr;
  if (failed_ || std::rename((path_ + ".part").c_str(), path_.c_str()) != 0) return unavailable("identity.file_not_written", "report");
  return {};
}

}  // namespace motcua::identity
