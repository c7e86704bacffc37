#pragma once
// The only SQL of declarations.
#include "rooms/declarations/model.hpp"

namespace motcua::declarations::store {

/// `saved` is what identity said of each row's record: unchanged ones are not written.
Result<void> save(storage::Transaction& tx, std::span<const Declaration> rows, std::span<const identity::Saved> saved);

/// Of one declaration; subject in each.
Result<void> add_journeys(storage::Transaction& tx, const std::string& record_id, const std::vector<Journey>& journeys);

Result<std::vector<Journey>> journeys_of(storage::Reader& reader, std::span<const std::string> subjects, Instant from, Instant to);
Result<std::vector<Journey>> journeys_at(storage::Reader& reader, std::span<const std::string> place_codes, Instant from, Instant to);
struct Told {
  std::string subject, source, record_id, kind;
  Instant declared_at{};
  Answers answers;
};
/// What was declared for these subjects, here and elsewhere; newest first.
Result<std::vector<Told>> told_of(storage::Reader& reader, std::span<const std::string> subjects);
Result<std::vector<DeclarationSummary>> of_subjects(storage::Reader& reader, std::span<const std::string> subjects, int limit);

/// Which of these subjects still have answers, a journey or a pass here.
Result<std::vector<std::string>> subjects_in_use(storage::Reader& reader, std::span<const std::string> names);
/// Rows older than that, deleted or only counted.
Result<std::int64_t> purge_declarations(storage::Reader& reader, storage::Transaction* tx, Instant declared_before);
Result<std::int64_t> purge_journeys(storage::Reader& reader, storage::Transaction* tx, Instant ended_before);

}  // namespace motcua::declarations::store
