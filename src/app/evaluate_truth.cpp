#include "app/evaluate_truth.hpp"

#include <algorithm>
#include <atomic>
#include <map>

#include "app/output.hpp"
#include "platform/intake/csv_reader.hpp"
#include "platform/intake/header.hpp"
#include "platform/intake/sources.hpp"

namespace motcua::app::truth {

namespace {

Result<void> read_table(const std::string& file, const std::vector<std::string>& columns, std::size_t required,
                        const std::function<void(const std::vector<std::string_view>&)>& take) {
  std::atomic<std::uint64_t> done{0};
  TRY_ASSIGN(auto stream, intake::file_source(file)->open());
  intake::CsvReader reader(intake::unpacked(std::move(stream), done), ',');
  std::vector<std::string_view> fields, values(columns.size());
  TRY_ASSIGN(bool any, reader.next(fields));
  if (!any) return invalid("intake.empty");
  std::vector<std::size_t> at(columns.size(), SIZE_MAX);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (intake::fold_column(fields[i]) == intake::fold_column(columns[c])) at[c] = i;
    if (at[c] == SIZE_MAX && c < required) return invalid("evaluate.column_missing", columns[c], {{"column", columns[c]}});
  }
  for (;;) {
    TRY_ASSIGN(bool more, reader.next(fields));
    if (!more) return {};
    for (std::size_t c = 0; c < columns.size(); ++c) values[c] = at[c] < fields.size() ? fields[at[c]] : std::string_view();
    take(values);
  }
}

}  // namespace

Result<void> read_columns(const std::string& file, const std::vector<std::string>& columns, std::size_t required,
                          const std::function<void(const std::vector<std::string_view>&)>& take) {
  auto read = read_table(file, columns, required, take);
  if (!read) return of_file(std::move(read).failure(), file);
  return {};
}

std::uint32_t Names::number(std::string_view text) {
  if (auto found = numbers_.find(text); found != numbers_.end()) return found->second;
  auto n = static_cast<std::uint32_t>(texts_.size());
  numbers_.emplace(text, n);
  texts_.emplace_back(text);
  return n;
}

std::uint32_t Names::find(std::string_view text) const {
  auto found = numbers_.find(text);
  return found == numbers_.end() ? none : found->second;
}

Result<Matched> match_records(const std::string& links_file, const std::string& truth_file) {
  Matched m;
  std::unordered_map<std::string, std::uint32_t> person_of;   // by "source:record_id"
  auto key = [](const std::vector<std::string_view>& v) { return std::string(v[0]) + ":" + std::string(v[1]); };
  TRY(read_columns(links_file, {"source", "record_id", "person_id"}, 3, [&](const auto& v) { person_of[key(v)] = m.persons.number(v[2]); }));
  TRY(read_columns(truth_file, {"source", "record_id", "person"}, 3, [&](const auto& v) {
    auto id = key(v);
    auto truth = m.truths.number(v[2]);
    auto found = person_of.find(id);
    if (found == person_of.end() || found->second == Names::none) ++m.unknown;
    else m.records.push_back({m.sources.number(v[0]), found->second, truth, std::move(id)}), found->second = Names::none;
  }));
  m.unknown += static_cast<std::int64_t>(person_of.size() - m.records.size());
  return m;
}

std::vector<std::uint32_t> true_person_of(const Matched& m) {
  std::vector<std::map<std::uint32_t, int>> votes(m.persons.size());
  for (const auto& r : m.records) ++votes[r.person][r.truth];
  std::vector<std::uint32_t> best(m.persons.size(), Names::none);
  for (std::size_t p = 0; p < votes.size(); ++p) {
    int most = 0;
    for (auto [truth, n] : votes[p])
      if (n > most) most = n, best[p] = truth;
  }
  return best;
}

}  // namespace motcua::app::truth
