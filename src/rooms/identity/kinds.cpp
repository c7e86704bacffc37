#include "rooms/identity/kinds.hpp"

#include <algorithm>
#include <set>

#include "base/json_text.hpp"
#include "base/vietnamese.hpp"

namespace motcua::identity {
namespace {

/// What a column is for. Columns without a member of SourceRecord go into the payload.
struct Use {
  const char* column;
  bool required = false;
  std::string SourceRecord::*member = nullptr;
  bool is_told_at = false;
  std::vector<std::string_view> choices = {};   // of a payload column: what it may hold
};

struct KindTable {
  std::string kind;
  std::vector<Use> uses;      // the first one is the record id
  bool phone_is_own = false;  // a register names a person's own phone; a desk writes down whichever it is given
};

const std::vector<KindTable>& tables() {
  using S = SourceRecord;
  static const std::vector<KindTable> all{
      {"residents",
       {{"id_number", true, &S::id_number}, {"old_id_number", false, &S::old_id_number}, {"full_name", true, &S::full_name},
        {"birth_date", true, &S::birth}, {"sex", true, &S::sex}, {"phone", false, &S::phone}, {"address", false, &S::address},
        {"ward_code", false, &S::ward_code}, {"household_id", false, &S::household_id}},
       true},
      {"tests",
       {{"sample_code", true}, {"full_name", true, &S::full_name}, {"birth_date", false, &S::birth}, {"birth_year", false, &S::birth},
        {"sex", false, &S::sex}, {"phone", false, &S::phone}, {"id_number", false, &S::id_number},
        {"collected_at", true, nullptr, true}, {"method", true, nullptr, false, {"PCR", "AG"}},
        {"result", true, nullptr, false, {"NEG", "POS", "IND"}}, {"ct"}, {"lab"}}},
      {"doses",
       {{"dose_id", true}, {"full_name", true, &S::full_name}, {"birth_date", false, &S::birth}, {"sex", false, &S::sex},
        {"phone", false, &S::phone}, {"id_number", false, &S::id_number}, {"insurance_number", false, &S::insurance_number},
        {"vaccine", true}, {"lot"}, {"dose_number"}, {"injected_at", true, nullptr, true}, {"site"}}}};
  return all;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

Result<void> keep(SourceRecord& told, std::string_view name, std::string_view value) {
  if (value.empty()) return {};
  if (!vietnamese::is_clean_utf8(value)) return invalid("text.not_utf8", std::string(name));
  add_to_json_object(told.payload, name, value);
  return {};
}

Result<void> take_value(const KindTable& table, const Use& use, std::string_view value, SourceRecord& told) {
  if (value.empty()) return use.required ? Result<void>(invalid("identity.field_required", use.column)) : Result<void>();
  if (&use == &table.uses.front() && !use.member) return {};  // the record's id, kept as such
  if (use.member) {
    if ((told.*use.member).empty()) told.*use.member = value;
    return {};
  }
  if (use.is_told_at) {
    auto at = parse_instant(value);
    if (!at) return invalid(at.failure().code, use.column);
    told.told_at = *at;
    return {};
  }
  if (!use.choices.empty() && std::find(use.choices.begin(), use.choices.end(), upper(value)) == use.choices.end()) {
    std::string list;
    for (const auto choice : use.choices) list += (list.empty() ? "" : ", ") + std::string(choice);
    return invalid("identity.not_a_choice", use.column, {{"choices", list}});
  }
  return keep(told, use.column, use.choices.empty() ? std::string(value) : upper(value));
}

/// The column a member was read from: birth comes from birth_date or birth_year.
std::string column_of(const KindTable& table, const std::string& member, const intake::RawRow& row) {
  if (member != "birth") return member;
  for (std::size_t i = 0; i < table.uses.size(); ++i)
    if (table.uses[i].member == &SourceRecord::birth && !row.values[i].empty()) return table.uses[i].column;
  return "birth_date";
}

Result<std::shared_ptr<const PreparedRecord>> prepare_row(const Identity& identity, const KindTable& table, std::string_view source,
                                                          const intake::RawRow& row, std::vector<intake::Warning>& warnings) {
  SourceRecord told;
  told.source = source;
  told.kind = table.kind;
  told.record_id = row.values[0];
  told.phone_is_own = table.phone_is_own;
  for (std::size_t i = 0; i < table.uses.size(); ++i) TRY(take_value(table, table.uses[i], row.values[i], told));
  for (const auto& [name, value] : row.unknown) TRY(keep(told, name, value));
  const std::size_t warned = warnings.size();
  auto prepared = identity.prepare(std::move(told), warnings);
  for (std::size_t i = warned; i < warnings.size(); ++i) warnings[i].field = column_of(table, warnings[i].field, row);
  if (prepared) return prepared;
  Failure failure = std::move(prepared).failure();
  failure.field = column_of(table, failure.field, row);
  return failure;
}

class PeopleLoader final : public intake::Loader {
 public:
  PeopleLoader(Identity& identity, const KindTable& table, std::string source) : identity_(identity), table_(table), source_(std::move(source)) {}

  Result<void> take(const intake::RawRow& row, std::vector<intake::Warning>& warnings) override {
    TRY_ASSIGN(auto prepared, prepare_row(identity_, table_, source_, row, warnings));
    pending_.push_back(std::move(prepared));
    return {};
  }

  std::function<Result<intake::BatchCounts>(storage::Transaction&)> flush() override {
    auto rows = std::make_shared<const std::vector<std::shared_ptr<const PreparedRecord>>>(std::move(pending_));
    pending_.clear();
    return [&identity = identity_, rows](storage::Transaction& tx) -> Result<intake::BatchCounts> {
      TRY_ASSIGN(const auto saved, identity.save(tx, *rows));
      intake::BatchCounts counts;
      counts.accepted = std::count(saved.begin(), saved.end(), Saved::accepted);
      counts.updated = std::count(saved.begin(), saved.end(), Saved::updated);
      counts.unchanged = std::count(saved.begin(), saved.end(), Saved::unchanged);
      return counts;
    };
  }

 private:
  Identity& identity_;
  const KindTable& table_;
  std::string source_;
  std::vector<std::shared_ptr<const PreparedRecord>> pending_;
};

const KindTable& doses_table() {
  return *std::find_if(tables().begin(), tables().end(), [](const KindTable& table) { return table.kind == "doses"; });
}

}  // namespace

DoseReader::DoseReader(const Identity& identity, std::string source) : identity_(identity), source_(std::move(source)) {
  kind_.name = doses_table().kind;
  for (const Use& use : doses_table().uses) kind_.columns.push_back({use.column, use.required});
}

Result<std::shared_ptr<const PreparedRecord>> DoseReader::prepare(const intake::RawRow& row) const {
  std::vector<intake::Warning> warnings;   // what cannot be read is for the repair to say
  return prepare_row(identity_, doses_table(), source_, row, warnings);
}

std::size_t DoseReader::column(std::string_view name) const {
  return static_cast<std::size_t>(std::find_if(kind_.columns.begin(), kind_.columns.end(), [&](const auto& c) { return c.name == name; }) - kind_.columns.begin());
}

std::vector<intake::Kind> identity_kinds(Identity& identity) {
  std::vector<intake::Kind> kinds;
  for (const KindTable& table : tables()) {
    intake::Kind kind;
    kind.name = table.kind;
    for (const Use& use : table.uses) kind.columns.push_back({use.column, use.required});
    kind.start = [&identity, &table](const intake::ImportOptions& options) -> Result<std::unique_ptr<intake::Loader>> {
      return std::unique_ptr<intake::Loader>(std::make_unique<PeopleLoader>(identity, table, options.source.empty() ? table.kind : options.source));
    };
    kinds.push_back(std::move(kind));
  }
  return kinds;
}

}  // namespace motcua::identity
