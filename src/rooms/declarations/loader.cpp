#include "rooms/declarations/loader.hpp"

#include <utility>

#include "base/json_text.hpp"
#include "rooms/declarations/store.hpp"

namespace motcua::declarations {
namespace {

using Rows = std::vector<Declaration>;

Result<intake::BatchCounts> save_batch(storage::Transaction& tx, identity::Identity& identity, const Rows& rows) {
  std::vector<std::shared_ptr<const identity::PreparedRecord>> records;
  records.reserve(rows.size());
  for (const auto& row : rows) records.push_back(row.record);
  TRY_ASSIGN(auto saved, identity.save(tx, records));
  TRY(store::save(tx, rows, saved));
  intake::BatchCounts counts;
  for (auto s : saved) ++(s == identity::Saved::accepted ? counts.accepted : s == identity::Saved::updated ? counts.updated : counts.unchanged);
  return counts;
}

class DeclarationLoader : public intake::Loader {
 public:
  DeclarationLoader(identity::Identity& identity, std::string source, const std::vector<intake::Column>& columns, ParseRow parse, Rename rename)
      : identity_(identity), source_(std::move(source)), columns_(columns), parse_(std::move(parse)), rename_(std::move(rename)) {}

  Result<void> take(const intake::RawRow& row, std::vector<intake::Warning>& warnings) override {
    TRY_ASSIGN(auto parsed, parse_(RowText(columns_, row), warnings));
    parsed.record.source = parsed.declaration.source = source_;
    parsed.record.told_at = parsed.declaration.declared_at;
    parsed.declaration.record_id = parsed.record.record_id;
    parsed.declaration.kind = parsed.record.kind;
    parsed.declaration.subject = identity_.subject_of(source_, parsed.record.record_id);
    if (parsed.declaration.journey) parsed.declaration.journey->subject = parsed.declaration.subject;
    const auto before = warnings.size();
    auto prepared = identity_.prepare(std::move(parsed.record), warnings);
    if (!prepared) {
      auto column = rename_(prepared.failure().field);
      return at_column(std::move(prepared).failure(), column);
    }
    for (auto i = before; i < warnings.size(); ++i) warnings[i].field = rename_(warnings[i].field);
    parsed.declaration.record = std::move(*prepared);
    rows_->push_back(std::move(parsed.declaration));
    return {};
  }

  std::function<Result<intake::BatchCounts>(storage::Transaction&)> flush() override {
    auto rows = std::exchange(rows_, std::make_shared<Rows>());
    return [&identity = identity_, rows](storage::Transaction& tx) { return save_batch(tx, identity, *rows); };
  }

 private:
  identity::Identity& identity_;
  std::string source_;
  std::vector<intake::Column> columns_;
  ParseRow parse_;
  Rename rename_;
  std::shared_ptr<Rows> rows_ = std::make_shared<Rows>();
};

}  // namespace

std::string RowText::payload(std::initializer_list<std::size_t> columns) const {
  std::string json = "{";
  auto add = [&](std::string_view key, std::string_view value) {
    if (value.empty()) return;
    if (json.size() > 1) json += ',';
    append_json_string(json, key);
    json += ':';
    append_json_string(json, value);
  };
  for (auto column : columns) add(name(column), at(column));
  for (const auto& [key, value] : row_.unknown) add(key, value);
  return json += '}';
}

std::optional<bool> RowText::answer(std::size_t column, std::vector<intake::Warning>& warnings) const {
  auto answer = parse_answer(at(column));
  if (answer) return *answer;
  warnings.push_back({name(column), answer.failure().code});
  return std::nullopt;
}

Failure at_column(Failure failure, const std::string& column) {
  failure.field = column;
  return failure;
}

std::unique_ptr<intake::Loader> make_loader(identity::Identity& identity, std::string source, const std::vector<intake::Column>& columns, ParseRow parse, Rename rename) {
  return std::make_unique<DeclarationLoader>(identity, std::move(source), columns, std::move(parse), std::move(rename));
}

}  // namespace motcua::declarations
