#pragma once
// SQL of answers and drafts; `sealed` is opened by declaring.cpp.
#include "platform/crypto/crypto.hpp"
#include "rooms/declarations/model.hpp"

namespace motcua::declarations::store {

struct AnswersRow {
  std::string subject, declaration, account, form;
  int version = 1;
  crypto::Bytes sealed;
  std::string pass_id;
  Instant declared_at{}, expires_at{};
};
/// False: that declaration is there already, and nothing was changed.
Result<bool> add_answers(storage::Transaction& tx, const AnswersRow& row, const Answers& told);
Result<std::optional<AnswersRow>> find_answers(storage::Reader& reader, std::string_view subject, std::string_view declaration);
/// Newest first.
Result<std::vector<AnswersRow>> list_answers(storage::Reader& reader, std::string_view subject, int limit);

struct DraftRow {
  std::string subject, form, declaration;
  crypto::Bytes sealed;
};
Result<void> put_draft(storage::Transaction& tx, const DraftRow& draft, Instant now);
Result<std::optional<DraftRow>> find_draft(storage::Reader& reader, std::string_view subject, std::string_view form);
Result<void> remove_draft(storage::Transaction& tx, std::string_view subject, std::string_view form);

/// Rows older than that, deleted or only counted.
Result<std::int64_t> purge_answers(storage::Reader& reader, storage::Transaction* tx, Instant declared_before);
Result<std::int64_t> purge_drafts(storage::Reader& reader, storage::Transaction* tx, Instant updated_before);

}  // namespace motcua::declarations::store
